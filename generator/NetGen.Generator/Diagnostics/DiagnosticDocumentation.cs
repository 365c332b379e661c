using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NetGen.Generator.Diagnostics;

/// <summary>Where the page of a diagnostic is found: where it is served, or else in the package on this machine.</summary>
internal static class DiagnosticDocumentation
{
    /// <summary>The name of the assembly's metadata that holds the MSBuild property DiagnosticPagesUrl.</summary>
    private const string MetadataKey = "DiagnosticPagesUrl";

    /// <summary>The folder of the pages that the package's build files name, for those who build with it.</summary>
    private const string PagesProperty = "build_property.NetGenDiagnosticPages";

    private static readonly string? Root = typeof(DiagnosticDocumentation).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == MetadataKey)?.Value;

    public static string? LinkFor(string id) => LinkFor(id, Root);

    /// <param name="root">The folder's URL; empty where the pages are not served, so that no link leads nowhere.</param>
    public static string? LinkFor(string id, string? root) => string.IsNullOrEmpty(root) ? null : $"{root!.TrimEnd('/')}/{id}.md";

    /// <summary>The folder of the pages on this machine; empty where the project does not know one.</summary>
    public static string ReadFolder(AnalyzerConfigOptions options) => options.TryGetValue(PagesProperty, out string? folder) ? folder : "";

    /// <summary>The diagnostic with a link to its page in a folder, unless it has one to where the page is served.</summary>
    /// <param name="diagnostic">What is reported.</param>
    /// <param name="folder">The full path of the folder; empty where there is none.</param>
    public static Diagnostic WithLink(Diagnostic diagnostic, string folder)
    {
        DiagnosticDescriptor known = diagnostic.Descriptor;
        if (known.HelpLinkUri.Length > 0 || folder.Length == 0 || !Uri.TryCreate(folder, UriKind.Absolute, out Uri? root) || !root.IsFile)
            return diagnostic;

        // A link belongs to the descriptor, and the descriptor's message is then that of this diagnostic.
        var linked = new DiagnosticDescriptor(known.Id, known.Title, diagnostic.GetMessage(CultureInfo.InvariantCulture), known.Category,
            known.DefaultSeverity, known.IsEnabledByDefault, known.Description, LinkFor(known.Id, root.AbsoluteUri),
            known.CustomTags.ToArray());
        return Diagnostic.Create(linked, diagnostic.Location, diagnostic.AdditionalLocations, diagnostic.Properties);
    }
}
