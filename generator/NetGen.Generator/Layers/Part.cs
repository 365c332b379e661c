using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.PartLayer))]

namespace NetGen.Generator.Layers;

/// <summary>
/// A network as a layer of another. Its parameters lie as they do where it is by itself, so that both are one: what arrives at it and what
/// leaves it pass a boundary, on whose other side everything is as at a network's input and output.
/// </summary>
internal sealed class PartLayer() : Layer<PartSpec>("NetGen.PartAttribute`1")
{
    protected override string TypeName(PartSpec spec) => spec.Title;

    public override bool NamesBlocks => false;

    public override bool TakesNetwork => true;

    public override bool HasParameters(LayerSpec spec) => spec.Members.Any(LayerRegistry.HasParameters);

    public override TensorShape? EntryShape(LayerSpec spec)
        => ((PartSpec)spec).InputShape is { Count: > 0 and <= 3 } shape && shape.All(extent => extent > 0) ? new TensorShape(shape) : null;

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        ScopeSpec layers = arguments.Scope("");
        NetworkType? network = arguments.Network();
        return new PartSpec(name, arguments.TypeName, network?.FullName ?? "object", network?.Access ?? "internal",
            network?.InputShape ?? EquatableArray<int>.Empty) { Scopes = new[] { layers }.ToEquatableArray() };
    }

    protected override IReadOnlyList<TensorShape> Infer(PartSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        if (EntryShape(spec) is { } taken && !inputs[0].IsUnknown && inputs[0] != taken)
        {
            context.Report(DiagnosticDescriptors.PartInput, ProblemPlace.TypeArgument(0), context.DisplayName, taken.InWords,
                context.Source, inputs[0].InWords);
        }
        return [inputs[inputs.Count - 1]];
    }

    public override Value Enter(InferredLayer layer, Value input, GraphBuilder builder)
        => builder.AddInner(layer, new BoundaryOp(Enters: true), "Entry", "Input", input.Shape, [input]);

    protected override IReadOnlyList<Value> Lower(PartSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => [builder.Add(layer, new BoundaryOp(Enters: false), [inputs[inputs.Count - 1]])];
}
