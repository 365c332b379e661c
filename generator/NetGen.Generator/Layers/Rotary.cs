using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.RotaryLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Rotary positions.</summary>
/// <param name="Factor">By how much long waves are stretched; 1 for not at all.</param>
/// <param name="Length">The length that the frequencies were learned for.</param>
internal sealed record RotarySpec(string Name, int Heads, double Base, bool Interleaved, double Factor, double LowFrequencyFactor,
    double HighFrequencyFactor, int Length) : LayerSpec(Name);

/// <summary>Pairs of features of each head, turned by an angle that grows with the position.</summary>
internal sealed class RotaryLayer() : UnaryLayer<RotarySpec>("NetGen.RotaryAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(RotarySpec spec) => "Rotary";

    public override LayerSpec Read(LayerArguments arguments, string name) => new RotarySpec(name, arguments.OptionalInt("heads") ?? 1,
        arguments.Double("base", 10000), arguments.Bool("interleaved", false), arguments.Double("factor", 1),
        arguments.Double("lowFrequencyFactor", 1), arguments.Double("highFrequencyFactor", 4),
        arguments.OptionalInt("originalLength") ?? 8192);

    protected override TensorShape Infer(RotarySpec spec, TensorShape input, LayerContext context)
    {
        if (context.RequireAtLeastOne(spec.Heads, "heads", "number of heads") != 0)
            CheckHeads(spec, context.RequirePositions(input), context);
        context.RequireAtLeastOne(spec.Length, "originalLength", "length of sequences");
        Require(spec.Base > 1, "base", "more than 1", spec.Base, context);
        Require(spec.Factor >= 1, "factor", "at least 1", spec.Factor, context);
        Require(spec.LowFrequencyFactor > 0, "lowFrequencyFactor", "more than 0", spec.LowFrequencyFactor, context);
        Require(spec.HighFrequencyFactor > spec.LowFrequencyFactor, "highFrequencyFactor", "more than LowFrequencyFactor",
            spec.HighFrequencyFactor, context);
        return input;
    }

    private static void CheckHeads(RotarySpec spec, TensorShape input, LayerContext context)
    {
        string whose = $"each position of {context.Source}";
        if (!AttentionHeads.Divide(input.Width, spec.Heads, "heads", whose, context) || input.Width / spec.Heads % 2 == 0)
            return;
        context.Report(DiagnosticDescriptors.AttentionMismatch, "heads", context.DisplayName,
            $"a head has {MessageText.Number(input.Width)} / {MessageText.Number(spec.Heads)} = "
            + $"{MessageText.Number(input.Width / spec.Heads)} features, and they are turned in pairs");
    }

    private static void Require(bool holds, string argument, string range, double value, LayerContext context)
    {
        if (!holds || double.IsInfinity(value))
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, argument, context.DisplayName, argument, range,
                MessageText.Fraction((float)value));
    }

    protected override string Title(RotarySpec spec, TensorShape input)
    {
        string heads = spec.Heads == 1 ? "1 head" : $"{Invariant.Text(spec.Heads)} heads";
        string frequency = spec.Base == 10000 ? "" : $", base {Invariant.Text(spec.Base)}";
        return $"Rotary({heads}{frequency}{(spec.Interleaved ? ", interleaved" : "")}"
            + $"{(spec.Factor == 1 ? "" : Scaling(spec))})";
    }

    // The runtime's LlamaCheck reads it, as it reads the rest of the title.
    private static string Scaling(RotarySpec spec)
        => $", factor {Invariant.Text(spec.Factor)}, low {Invariant.Text(spec.LowFrequencyFactor)}"
        + $", high {Invariant.Text(spec.HighFrequencyFactor)}, length {Invariant.Text(spec.Length)}";

    protected override Value Lower(RotarySpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        var scaling = new RotaryScaling(spec.Factor, spec.LowFrequencyFactor, spec.HighFrequencyFactor, spec.Length);
        return builder.Add(layer, new RotaryOp(spec.Heads, layer.Input.Width / spec.Heads, spec.Base, spec.Interleaved, scaling), [input]);
    }
}
