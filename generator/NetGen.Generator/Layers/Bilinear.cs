using System.Numerics;
using NetGen.Generator.Cpu;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>y = x₁ᵀ A x₂ + b, where x₂ is the output of an earlier layer: a linear layer of all products x₁[i] · x₂[j].</summary>
internal sealed class BilinearLayer() : Layer("NetGen.BilinearAttribute")
{
    public override Type SpecType => typeof(BilinearSpec);

    public override string TypeName(LayerSpec spec) => "Bilinear";

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new BilinearSpec(
        name,
        arguments.OptionalInt("in1Features"),
        arguments.OptionalInt("in2Features"),
        arguments.Int("outFeatures"),
        arguments.Bool("bias", true),
        arguments.OptionalText("from", "the name of a layer, such as \"fc1\""));

    public override TensorShape Infer(LayerSpec layer, TensorShape input, LayerContext context)
    {
        var spec = (BilinearSpec)layer;
        input = context.RequireVector(input, spec.In1Features is null ? null : "in1Features");
        TensorShape second = InferSecond(spec, context);
        context.Second = second;
        if (spec.In1Features is int first && context.RequireAtLeastOne(first, "in1Features", "number of first input features") != 0 && input.Features != 0 && first != input.Features)
        {
            string given = MessageText.Number(input.Features) + (context.FlattenedFrom.IsUnknown ? "" : " = " + context.FlattenedFrom.Product);
            context.Report(DiagnosticDescriptors.FeatureMismatch, "in1Features", context.DisplayName, MessageText.Count(first, "first input feature"), context.Source, given);
        }
        if (spec.In2Features is int declared && context.RequireAtLeastOne(declared, "in2Features", "number of second input features") != 0 && second.Features != 0 && declared != second.Features)
        {
            // The fix is another than for a mismatch with the layer before.
            string[] message = [context.DisplayName, MessageText.Count(declared, "second input feature"), $"'{spec.From}'", MessageText.Number(second.Features)];
            context.Problems.Add(new Problem(DiagnosticDescriptors.FeatureMismatch, context.Path, "in2Features", null, message.ToEquatableArray())
            {
                Fix = new ProblemFix(FixProperties.Value, Literals.Int(second.Features)),
            });
        }
        int outFeatures = context.RequireAtLeastOne(spec.OutFeatures, "outFeatures", "number of output features");
        CheckSize(input.Features, second.Features, outFeatures, context);
        return TensorShape.Vector(outFeatures);
    }

    public override BigInteger CountParameters(InferredLayer layer)
    {
        var spec = (BilinearSpec)layer.Spec;
        BigInteger products = layer.Input.IsVector && layer.Second.IsVector ? (BigInteger)layer.Input.Features * layer.Second.Features : 0;
        return (products + (spec.Bias ? 1 : 0)) * spec.OutFeatures;
    }

    /// <summary>PyTorch draws weight and bias from ±1/√in1 and so counts the first input's features alone.</summary>
    public override IReadOnlyList<LayerParameter> Parameters(InferredLayer layer)
    {
        var spec = (BilinearSpec)layer.Spec;
        int first = layer.Input.Features;
        var weight = new LayerParameter("weight", [spec.OutFeatures, first, layer.Second.Features], ParameterRole.Weight, first, spec.OutFeatures);
        return spec.Bias ? [weight, new LayerParameter("bias", [spec.OutFeatures], ParameterRole.Bias, first, spec.OutFeatures)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((BilinearSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    /// <summary>Every product of two features once, and their sums for each output.</summary>
    public override long MultiplyAdds(InferredLayer layer) => (long)layer.Input.Features * layer.Second.Features * (1L + layer.Output.Features);

    public override string Title(InferredLayer layer)
    {
        var spec = (BilinearSpec)layer.Spec;
        return $"Bilinear({Literals.Int(layer.Input.Features)}, {Literals.Int(layer.Second.Features)}, {Literals.Int(spec.OutFeatures)}, from {spec.From}{(spec.Bias ? "" : ", no bias")})";
    }

    public override Value Lower(InferredLayer layer, Value input, GraphBuilder builder)
    {
        Value second = builder.OutputOf(((BilinearSpec)layer.Spec).From!, layer);
        int features = checked(layer.Input.Features * layer.Second.Features);
        Value products = builder.AddInner(layer, new OuterProductOp(), "Products", "Products", TensorShape.Vector(features), [input, second]);
        return builder.Add(layer, new LinearOp(features, layer.Output.Features), [products], "weight", "bias");
    }

    /// <summary>The shape of the named layer's output; a vector of unknown size where nothing is known.</summary>
    private static TensorShape InferSecond(BilinearSpec spec, LayerContext context)
    {
        TensorShape unknown = TensorShape.Vector(0);
        if (spec.From is null)
        {
            context.Report(DiagnosticDescriptors.SecondInputMissing, null, context.DisplayName, $"none is named: write From = \"…\"{Choices()}");
            return unknown;
        }
        if (context.Known.Find(context.Path, spec.From) is not { } found)
        {
            // A block by itself does not see the layers around it; it is checked again at each use.
            if (context.Known.IsWhole)
                context.Report(DiagnosticDescriptors.SecondInputMissing, "from", context.DisplayName, $"no layer in front of it is called '{spec.From}'{Choices()}");
            return unknown;
        }
        if (found.Output.IsUnknown || found.Output.IsVector)
            return found.Output.IsUnknown ? unknown : found.Output;
        context.Report(DiagnosticDescriptors.SecondInputMissing, "from", context.DisplayName,
            $"'{found.Path}' gives {MessageText.Shape(found.Output)}, and both must be vectors: name a Flatten behind it");
        return unknown;

        string Choices()
        {
            string[] vectors = context.Known.ByPath.Values.Where(layer => layer.Output.IsVector).Select(layer => $"'{layer.Path}'").ToArray();
            return vectors.Length == 0 ? "; no layer in front of it gives a vector" : $"; vectors come from {MessageText.List(vectors)}";
        }
    }

    /// <summary>The packed weight has whole blocks of outputs, and offsets in it have 32 bits.</summary>
    private static void CheckSize(int first, int second, int outFeatures, LayerContext context)
    {
        BigInteger products = (BigInteger)first * second;
        int blocks = (int)(((long)outFeatures + Layout.Block - 1) / Layout.Block);
        BigInteger packed = products * blocks * Layout.Block;
        // Too many parameters by themselves are reported for the whole network.
        if (packed <= int.MaxValue || (products + 1) * outFeatures > int.MaxValue)
            return;
        context.Report(DiagnosticDescriptors.TooLarge, null, $"The weight of {context.DisplayName}, whose outputs are stored 16 at a time, is too large",
            $"{MessageText.Number((BigInteger)blocks * Layout.Block)} × {MessageText.Number(first)} × {MessageText.Number(second)}", $"{MessageText.Number(packed)} values", MessageText.Number(int.MaxValue));
    }
}
