using System.Reflection;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

public class DescriptorTests
{
    private static readonly DiagnosticDescriptor[] All = [.. typeof(DiagnosticDescriptors)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => field.GetValue(null))
        .OfType<DiagnosticDescriptor>()];

    public static TheoryData<string> Ids() => new(All.Select(descriptor => descriptor.Id));

    [Fact]
    public void IdsAreUnique() => Assert.Equal(All.Length, All.Select(descriptor => descriptor.Id).Distinct().Count());

    [Theory]
    [MemberData(nameof(Ids))]
    public void HasAPage(string id)
    {
        string page = Path.Combine(TestPaths.Repository, "docs", "diagnostics", id + ".md");
        Assert.True(File.Exists(page), $"{page} is missing.");
        string text = File.ReadAllText(page);
        string title = All.Single(descriptor => descriptor.Id == id).Title.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith($"# {id}: {title}\n", text.Replace("\r\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (string section in (string[])["## Message", "## Cause", "## Example"])
            Assert.Contains(section, text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void HasAFixture(string id)
    {
        if (id == DiagnosticDescriptors.InternalError.Id)
            return; // No declaration is known to cause it; InternalErrorTests raise it by hand.
        Assert.Contains(Directory.EnumerateFiles(TestPaths.Fixtures, "*.cs"),
            file => File.ReadAllText(file).Contains($"//! {id}: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void StandsInTheReleaseFile(string id)
    {
        DiagnosticDescriptor descriptor = All.Single(candidate => candidate.Id == id);
        string severity = descriptor.IsEnabledByDefault ? descriptor.DefaultSeverity.ToString() : "Disabled";
        string line = $"{id} | {descriptor.Category} | {severity} | ";
        string folder = Path.Combine(TestPaths.Repository, "generator", "NetGen.Generator");
        string releases =
            File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Shipped.md"))
            + File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Unshipped.md"));
        Assert.Contains(line, releases, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://host/netgen/blob/main/docs/diagnostics", "https://host/netgen/blob/main/docs/diagnostics/NG1001.md")]
    [InlineData("https://host/pages/", "https://host/pages/NG1001.md")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void LinksToItsPageWhereThatIsServed(string? root, string? link)
        => Assert.Equal(link, DiagnosticDocumentation.LinkFor("NG1001", root));

    /// <summary>Where the pages are not served, a diagnostic leads to the page on this machine, and is otherwise the same.</summary>
    [Fact]
    public void LinksToThePageInAFolder()
    {
        const string Source = """
            [NetGen.Network(4), NetGen.Linear(5, 3)]
            public sealed partial class Net;
            """;
        string folder = Path.Combine(TestPaths.Repository, "docs", "diagnostics");
        Diagnostic plain = Assert.Single(GeneratorHarness.Run(Source, BuildProperties.None).NetGenDiagnostics);
        Diagnostic linked =
            Assert.Single(GeneratorHarness.Run(Source, new BuildProperties(("NetGenDiagnosticPages", folder))).NetGenDiagnostics);
        Assert.Equal("", plain.Descriptor.HelpLinkUri);
        Assert.True(File.Exists(new Uri(linked.Descriptor.HelpLinkUri).LocalPath), linked.Descriptor.HelpLinkUri);
        Assert.EndsWith("/NG1001.md", linked.Descriptor.HelpLinkUri, StringComparison.Ordinal);
        Assert.Equal(plain.ToString(), linked.ToString());
        Assert.Equal(plain.Properties, linked.Properties);
        Assert.Equal(plain.Location.SourceSpan, linked.Location.SourceSpan);
        Assert.Equal((plain.Severity, plain.DefaultSeverity), (linked.Severity, linked.DefaultSeverity));
        Assert.Equal(plain.Descriptor.CustomTags, linked.Descriptor.CustomTags);
    }

    [Theory]
    [InlineData("")]
    [InlineData("docs/diagnostics")]
    [InlineData("https://host/pages")]
    public void WhatIsNoFolderGivesNoLink(string folder)
    {
        Diagnostic diagnostic = Diagnostic.Create(DiagnosticDescriptors.InternalError, Location.None, "Net", "none");
        Assert.Same(diagnostic, DiagnosticDocumentation.WithLink(diagnostic, folder));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void HasTheLinkOfItsId(string id)
        => Assert.Equal(DiagnosticDocumentation.LinkFor(id) ?? "", All.Single(descriptor => descriptor.Id == id).HelpLinkUri);

    [Theory]
    [MemberData(nameof(Ids))]
    public void ErrorsCannotBeSwitchedOff(string id)
    {
        DiagnosticDescriptor descriptor = All.Single(candidate => candidate.Id == id);
        Assert.Equal(descriptor.DefaultSeverity == DiagnosticSeverity.Error,
            descriptor.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable));
        Assert.Equal(id[2] switch { '3' => DiagnosticSeverity.Warning, '4' => DiagnosticSeverity.Info, _ => DiagnosticSeverity.Error },
            descriptor.DefaultSeverity);
        // Notes are for those who ask for them.
        Assert.Equal(descriptor.DefaultSeverity != DiagnosticSeverity.Info, descriptor.IsEnabledByDefault);
    }
}
