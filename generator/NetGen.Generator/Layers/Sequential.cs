using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.SequentialLayer))]

namespace NetGen.Generator.Layers;

/// <summary>The layers of a block under one name, once or several times.</summary>
internal sealed class SequentialLayer() : Layer<SequentialSpec>(
    ["NetGen.SequentialAttribute`1", "NetGen.RepeatAttribute`1", .. ComposedLayers.AttributeNames])
{
    // As many as the stack reader takes at all.
    private const int MaxCount = 4096;

    protected override string TypeName(SequentialSpec spec) => spec.Title;

    public override bool HasParameters(LayerSpec spec) => spec.Members.Any(LayerRegistry.HasParameters);

    public override bool ChainsScopes => true;

    public override ElementsTaken Takes(LayerSpec spec, int input) => ElementsTaken.Any;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    public override bool Repeats(LayerSpec spec) => ((SequentialSpec)spec).Count is not null;

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        if (ComposedLayers.Read(arguments) is { } composed)
            return new SequentialSpec(name, arguments.TypeName) { Scopes = new[] { composed }.ToEquatableArray() };
        if (!arguments.TypeName.StartsWith("Repeat", StringComparison.Ordinal))
            return new SequentialSpec(name, arguments.TypeName) { Scopes = new[] { arguments.Scope("") }.ToEquatableArray() };
        int count = arguments.Int("count");
        bool isList = arguments.Bool("asList", false);
        var repetitions = new List<ScopeSpec>();
        // Each is read by itself: its layers have places of their own in messages.
        for (int i = 1; i <= Math.Min(count, MaxCount) && !arguments.HasErrors; i++)
            repetitions.Add(arguments.Scope(isList ? Invariant.Text(i - 1) : "block" + Invariant.Text(i)));
        return new SequentialSpec(name, arguments.TypeName) { Count = count, Scopes = repetitions.ToEquatableArray() };
    }

    protected override IReadOnlyList<TensorShape> Infer(SequentialSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        if (spec.Count is int count)
            context.RequireAtLeastOne(count, "count", "number of repetitions");
        return [inputs[inputs.Count - 1]];
    }

    protected override IReadOnlyList<Value> Lower(SequentialSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs,
        GraphBuilder builder)
        => [inputs[inputs.Count - 1]];
}
