using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>The layers of a block under one name, once or several times.</summary>
internal sealed class SequentialLayer() : Layer<SequentialSpec>("NetGen.SequentialAttribute`1", "NetGen.RepeatAttribute`1")
{
    // As many as the stack reader takes at all.
    private const int MaxCount = 4096;

    protected override string TypeName(SequentialSpec spec) => spec.Title;

    public override bool HasParameters(LayerSpec spec) => spec.Inner.Any(layer => LayerRegistry.For(layer).HasParameters(layer));

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        if (!arguments.TypeName.StartsWith("Repeat", StringComparison.Ordinal))
            return new SequentialSpec(name, arguments.TypeName, arguments.Block(name).Body);
        int count = arguments.Int("count");
        var repetitions = new List<LayerSpec>();
        // Each is read by itself: its layers have places of their own in messages.
        for (int i = 1; i <= Math.Min(count, MaxCount) && !arguments.HasErrors; i++)
        {
            string repetition = "block" + Literals.Int(i);
            (string blockName, EquatableArray<LayerSpec> body) = arguments.Block(name + "." + repetition);
            repetitions.Add(new SequentialSpec(repetition, blockName, body));
        }
        return new SequentialSpec(name, arguments.TypeName, repetitions.ToEquatableArray()) { Count = count };
    }

    protected override TensorShape Infer(SequentialSpec spec, TensorShape input, LayerContext context)
    {
        if (spec.Count is int count)
            context.RequireAtLeastOne(count, "count", "number of repetitions");
        TensorShape output;
        (context.Body, output) = ShapeInference.InferBlock(spec.Body, input, context, context.Path);
        return output;
    }

    protected override Value Lower(SequentialSpec spec, InferredLayer layer, Value input, GraphBuilder builder) => builder.Lower(layer.Body, input);
}
