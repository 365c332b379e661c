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

        IncrementalValuesProvider<EquatableArray<Diagnostic>> blocks = context.SyntaxProvider
            .ForAttributeWithMetadataName(Symbols.BlockAttribute, IsClass, CheckBlock)
            .WithTrackingName(TrackingNames.Blocks);

        // First output: source, from a value without locations. Unchanged as long as the network is.
        IncrementalValuesProvider<NetworkSource> source = networks
            .Select((network, _) => network.Source)
            .Where(network => network is not null)
            .Select((network, _) => network!)
            .WithTrackingName(TrackingNames.Source);
        IncrementalValueProvider<EmitOptions> options = context.AnalyzerConfigOptionsProvider
            .Select((provider, _) => EmitOptions.Read(provider.GlobalOptions));
        context.RegisterSourceOutput(source.Combine(options), (output, network) => WriteSource(output, network.Left, network.Right));

        // Second output: diagnostics, with locations in the current syntax trees.
        IncrementalValueProvider<(ImmutableArray<EquatableArray<Diagnostic>> OfNetworks,
            ImmutableArray<EquatableArray<Diagnostic>> OfBlocks)> diagnostics = networks
            .Select((network, _) => network.Diagnostics)
            .Collect()
            .Combine(blocks.Collect())
            .WithTrackingName(TrackingNames.Diagnostics);
        IncrementalValueProvider<string> pages = context.AnalyzerConfigOptionsProvider
            .Select((provider, _) => DiagnosticDocumentation.ReadFolder(provider.GlobalOptions));
        context.RegisterSourceOutput(diagnostics.Combine(pages), (output, all) =>
        {
            foreach (Diagnostic diagnostic in DiagnosticComparer.Merge(all.Left.OfNetworks, all.Left.OfBlocks))
                output.ReportDiagnostic(DiagnosticDocumentation.WithLink(diagnostic, all.Right));
        });
    }

    private static bool IsClass(SyntaxNode node, CancellationToken cancellationToken)
        => node is ClassDeclarationSyntax or RecordDeclarationSyntax;

    private static ParsedNetwork? ParseNetwork(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) => InternalErrors.Guard(
        () => NetworkParser.Parse(context, cancellationToken),
        exception => new ParsedNetwork(Source: null, InternalErrors.At(context, exception)));

    private static EquatableArray<Diagnostic> CheckBlock(
        GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) => InternalErrors.Guard(
        () => NetworkParser.CheckBlock(context, cancellationToken),
        exception => InternalErrors.At(context, exception));

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
