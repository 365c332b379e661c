using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Lowering;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Parsing;

/// <summary>Holds a network with [Stream] to what a stream needs: no layer may see what comes later.</summary>
internal sealed class StreamRules
{
    private readonly INamedTypeSymbol _type;
    private readonly Location? _place;

    public StreamRules(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        _type = type;
        AttributeData? stream = Symbols.FindAttribute(type, Symbols.StreamAttribute);
        IsAsked = stream is not null;
        _place = Symbols.PlaceOf(stream, type, cancellationToken);
    }

    /// <summary>The network is to have a stream.</summary>
    public bool IsAsked { get; }

    /// <summary>Reports the first layer that is not causal. What is known of a network without errors of shape.</summary>
    /// <param name="reportLayer">For what is wrong with a layer.</param>
    /// <param name="report">For what is wrong with the network as a whole.</param>
    public void Check(InferredNetwork network, Action<Problem> reportLayer, Action<Diagnostic> report)
    {
        if (!IsAsked)
            return;
        Graph graph = NetworkLowering.Build(network, NetworkLowering.Parameters(network), training: false);
        if (StreamGraph.Build(graph, out StreamRefusal? refusal) is not null)
            return;
        if (refusal!.Node is not { } node)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.NotCausal, _place, _type.Name, refusal.Reason));
            return;
        }
        string layer = $"'{node.Layer}', {node.Title}, {refusal.Reason}";
        reportLayer(new Problem(DiagnosticDescriptors.NotCausal, node.Layer, null, null, new[] { _type.Name, layer }.ToEquatableArray()));
    }
}
