using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emit;
using NetGen.Generator.Inference;
using NetGen.Generator.Parsing;
using NetGen.Generator.Specs;

namespace NetGen.Generator;

/// <summary>
/// Compiles the classes marked <c>[NetGen.Network]</c>: attributes → <see cref="NetworkSpec"/> → shapes → source.
/// This file is the table of contents; everything behind the specification is a pure function of it.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParsedNetwork> networks = context.SyntaxProvider
            .ForAttributeWithMetadataName(Symbols.NetworkAttribute, IsClass, ParseNetwork)
            .Where(network => network is not null)
            .Select((network, _) => network!)
            .WithTrackingName(TrackingNames.Networks);

        IncrementalValuesProvider<ParsedNetwork> forgotten = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => ForgottenNetwork.MayBe(node), ParseForgotten)
            .Where(network => network is not null)
            .Select((network, _) => network!)
            .WithTrackingName(TrackingNames.Forgotten);

        IncrementalValuesProvider<CheckedBlock> blocks = context.SyntaxProvider
            .ForAttributeWithMetadataName(Symbols.BlockAttribute, IsClass, CheckBlock)
            .WithTrackingName(TrackingNames.Blocks);

        // First output: source, from a value without locations. Unchanged as long as the network is.
        IncrementalValueProvider<EmitOptions> options = context.AnalyzerConfigOptionsProvider
            .Select((provider, _) => EmitOptions.Read(provider.GlobalOptions));
        foreach (IncrementalValuesProvider<ParsedNetwork> parsed in new[] { networks, forgotten })
        {
            IncrementalValuesProvider<NetworkSource> source = parsed
                .Select((network, _) => network.Source)
                .Where(network => network is not null)
                .Select((network, _) => network!)
                .WithTrackingName(TrackingNames.Source);
            context.RegisterSourceOutput(source.Combine(options), (output, network) => WriteSource(output, network.Left, network.Right));
        }

        // Second output: diagnostics, with locations in the current syntax trees.
        IncrementalValueProvider<((ImmutableArray<EquatableArray<Diagnostic>> OfNetworks,
            ImmutableArray<EquatableArray<Diagnostic>> OfForgotten), ImmutableArray<EquatableArray<Diagnostic>> OfBlocks)> diagnostics =
            networks.Select((network, _) => network.Diagnostics).Collect()
            .Combine(forgotten.Select((network, _) => network.Diagnostics).Collect())
            .Combine(blocks.Select((block, _) => block.Diagnostics).Collect())
            .WithTrackingName(TrackingNames.Diagnostics);
        IncrementalValueProvider<string> pages = context.AnalyzerConfigOptionsProvider
            .Select((provider, _) => DiagnosticDocumentation.ReadFolder(provider.GlobalOptions));
        context.RegisterSourceOutput(diagnostics.Combine(pages), (output, all) =>
        {
            foreach (Diagnostic diagnostic in DiagnosticComparer.Merge(
                all.Left.Item1.OfNetworks.AddRange(all.Left.Item1.OfForgotten), all.Left.OfBlocks))
                output.ReportDiagnostic(DiagnosticDocumentation.WithLink(diagnostic, all.Right));
        });

        // With those that only projects for GPUs have: for these alone networks are planned here.
        context.RegisterSourceOutput(networks.Combine(options).Where(network => network.Right.HasCuda).Combine(pages), (output, network) =>
        {
            if (network.Left.Left.Source?.Network is not { } sound)
                return;
            foreach (Diagnostic diagnostic in CudaRules.Check(sound, network.Left.Left.Layers, output.CancellationToken))
                output.ReportDiagnostic(DiagnosticDocumentation.WithLink(diagnostic, network.Right));
        });

        // Third output: declarations of misspelt attributes, mostly none.
        IncrementalValueProvider<EquatableArray<MisspeltAttribute>> misspelt = networks
            .Select((network, _) => network.Misspelt).Collect()
            .Combine(forgotten.Select((network, _) => network.Misspelt).Collect())
            .Combine(blocks.Select((block, _) => block.Misspelt).Collect())
            .Select((all, _) => all.Left.Left.Concat(all.Left.Right).Concat(all.Right).SelectMany(attributes => attributes)
                .ToEquatableArray())
            .WithTrackingName(TrackingNames.Misspelt);
        context.RegisterSourceOutput(misspelt, (output, attributes) =>
        {
            if (MisspeltAttribute.Emit(attributes) is { Length: > 0 } declarations)
                output.AddSource("NetGen.Misspelt.g.cs", declarations);
        });
    }

    private static bool IsClass(SyntaxNode node, CancellationToken cancellationToken)
        => node is ClassDeclarationSyntax or RecordDeclarationSyntax or StructDeclarationSyntax;

    private static ParsedNetwork? ParseForgotten(GeneratorSyntaxContext context, CancellationToken cancellationToken)
        => ForgottenNetwork.Find(context, cancellationToken) is not { } forgotten ? null : InternalErrors.Guard(
            () => NetworkParser.ParseForgotten(forgotten, context.SemanticModel.Compilation, cancellationToken),
            exception => new ParsedNetwork(Source: null,
                new[] { InternalErrors.Create(context.Node.GetLocation(), forgotten.Type.Name, exception) }.ToEquatableArray(),
                EquatableArray<MisspeltAttribute>.Empty));

    private static ParsedNetwork? ParseNetwork(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) => InternalErrors.Guard(
        () => NetworkParser.Parse(context, cancellationToken),
        exception => new ParsedNetwork(Source: null, InternalErrors.At(context, exception), EquatableArray<MisspeltAttribute>.Empty));

    private static CheckedBlock CheckBlock(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) => InternalErrors.Guard(
        () => NetworkParser.CheckBlock(context, cancellationToken),
        exception => new CheckedBlock(InternalErrors.At(context, exception), EquatableArray<MisspeltAttribute>.Empty));

    private static void WriteSource(SourceProductionContext output, NetworkSource source, EmitOptions options)
    {
        IReadOnlyList<(string HintName, string Source)> files = source.Network is NetworkSpec network
            ? InternalErrors.Guard(() => Emit(network), exception =>
            {
                output.ReportDiagnostic(InternalErrors.Create(Location.None, network.Name, exception));
                return new[] { ErrorStub.Emit(ErrorStub.For(network)) };
            })
            : new[] { ErrorStub.Emit(source.Stub!) };

        foreach ((string hintName, string text) in files)
            output.AddSource(hintName, text);

        IReadOnlyList<(string HintName, string Source)> Emit(NetworkSpec spec)
            => NetworkEmitter.Emit(ShapeInference.Infer(spec, output.CancellationToken).Network, options);
    }
}
