using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.CodeFixes.Tests;

/// <summary>An editor's part: runs the generator on a project in memory and applies code fixes to what it reports.</summary>
internal sealed class Fixing
{
    private static readonly ImmutableArray<SourceFix> Providers = typeof(SourceFix).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(SourceFix)))
        .Select(type => (SourceFix)Activator.CreateInstance(type)!)
        .ToImmutableArray();

    private readonly AdhocWorkspace _workspace = new();
    private readonly DocumentId _document;

    public Fixing(string source)
    {
        ProjectId project = ProjectId.CreateNewId();
        _document = DocumentId.CreateNewId(project);
        Solution = _workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(project, VersionStamp.Default, "Fixture", "Fixture", LanguageNames.CSharp,
                compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true),
                parseOptions: new CSharpParseOptions(LanguageVersion.CSharp12),
                metadataReferences: GeneratorHarness.References))
            .AddDocument(DocumentId.CreateNewId(project), "GlobalUsings.cs", GeneratorHarness.GlobalUsings)
            .AddDocument(_document, "Program.cs", source);
    }

    public static IEnumerable<SourceFix> All => Providers;

    private Solution Solution { get; set; }

    public string Text => Solution.GetDocument(_document)!.GetTextAsync().Result.ToString();

    /// <summary>The one fix of a diagnostic has this title and makes this text, of which nothing is left to say.</summary>
    public static async Task AssertRemoves(string id, string source, string title, string expected)
    {
        var project = new Fixing(source);
        Assert.Equal(title, await project.Apply(id));
        Assert.Equal(expected, project.Text);
        Assert.Empty(await project.Diagnose());
    }

    /// <summary>"Fix all" makes this text, of which nothing is left to say.</summary>
    public static async Task AssertRemovesAll(string id, string source, string expected)
    {
        var project = new Fixing(source);
        await project.ApplyToAll(id);
        Assert.Equal(expected, project.Text);
        Assert.Empty(await project.Diagnose());
    }

    /// <summary>What the generator reports, in the order of the source.</summary>
    public async Task<ImmutableArray<Diagnostic>> Diagnose()
    {
        var compilation = (CSharpCompilation)(await Solution.GetDocument(_document)!.Project.GetCompilationAsync())!;
        return [.. GeneratorHarness.Run(compilation).NetGenDiagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>All that an editor shows about the source: what the compiler says of it too, in its order.</summary>
    public async Task<ImmutableArray<Diagnostic>> DiagnoseAll()
    {
        var compilation = (CSharpCompilation)(await Solution.GetDocument(_document)!.Project.GetCompilationAsync())!;
        GenerationResult result = GeneratorHarness.Run(compilation);
        SyntaxTree tree = (await Solution.GetDocument(_document)!.GetSyntaxTreeAsync())!;
        // What is generated is long, and others compile it.
        SemanticModel model = result.Compilation.GetSemanticModel(tree);
        return [.. result.NetGenDiagnostics
            .Concat(model.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning))
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)];
    }

    /// <summary>The first fix on offer, of what the diagnostics say.</summary>
    public async Task<(Diagnostic? Of, CodeAction? Fix)> FirstOffer(IEnumerable<Diagnostic> diagnostics)
    {
        Document document = Solution.GetDocument(_document)!;
        foreach (Diagnostic diagnostic in diagnostics)
        {
            CodeAction? first = null;
            foreach (SourceFix provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                await provider.RegisterCodeFixesAsync(
                    new CodeFixContext(document, diagnostic, (action, _) => first ??= action, CancellationToken.None));
            }
            if (first is not null)
                return (diagnostic, first);
        }
        return (null, null);
    }

    /// <summary>The fixes on offer for every diagnostic with the id.</summary>
    public async Task<ImmutableArray<CodeAction>> Offers(string id)
    {
        Document document = Solution.GetDocument(_document)!;
        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        foreach (Diagnostic diagnostic in (await Diagnose()).Where(diagnostic => diagnostic.Id == id))
        {
            foreach (SourceFix provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
                await provider.RegisterCodeFixesAsync(
                    new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        }
        return actions.ToImmutable();
    }

    /// <summary>Applies the first fix on offer.</summary>
    /// <returns>Its title.</returns>
    public async Task<string> Apply(string id)
    {
        CodeAction action = (await Offers(id))[0];
        await Apply(action);
        return action.Title;
    }

    /// <summary>Applies "fix all in project" of the fix for the id.</summary>
    public async Task ApplyToAll(string id)
    {
        CodeAction first = (await Offers(id))[0];
        SourceFix provider = await Offering(first, id);
        var context = new FixAllContext(Solution.GetDocument(_document)!, provider, FixAllScope.Project, first.EquivalenceKey!, [id],
            new Source([.. (await Diagnose()).Where(diagnostic => diagnostic.Id == id)]), CancellationToken.None);
        await Apply((await provider.GetFixAllProvider().GetFixAsync(context))!);
    }

    /// <summary>The provider that offers such a fix, of those that know the id.</summary>
    private async Task<SourceFix> Offering(CodeAction action, string id)
    {
        Document document = Solution.GetDocument(_document)!;
        foreach (SourceFix provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
        {
            bool offers = false;
            foreach (Diagnostic diagnostic in (await Diagnose()).Where(diagnostic => diagnostic.Id == id))
            {
                await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic,
                    (offered, _) => offers |= offered.EquivalenceKey == action.EquivalenceKey, CancellationToken.None));
            }
            if (offers)
                return provider;
        }
        throw new InvalidOperationException($"Nobody offers '{action.Title}'.");
    }

    public async Task Apply(CodeAction action)
        => Solution =
            Assert.IsType<ApplyChangesOperation>(Assert.Single(await action.GetOperationsAsync(CancellationToken.None))).ChangedSolution;

    private sealed class Source(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document,
            CancellationToken cancellationToken)
        {
            SyntaxTree? tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return diagnostics.Where(diagnostic => diagnostic.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
