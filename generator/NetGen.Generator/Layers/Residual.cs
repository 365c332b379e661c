using NetGen.Generator.Diagnostics;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>x + block(x).</summary>
internal sealed class ResidualLayer() : Layer<ResidualSpec>("NetGen.ResidualAttribute`1")
{
    protected override string TypeName(ResidualSpec spec) => $"Residual<{spec.BlockName}>";

    public override bool HasParameters(LayerSpec spec) => ((ResidualSpec)spec).Body.Any(layer => LayerRegistry.For(layer).HasParameters(layer));

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        (string blockName, EquatableArray<LayerSpec> body) = arguments.Block(name);
        return new ResidualSpec(name, blockName, body);
    }

    protected override TensorShape Infer(ResidualSpec spec, TensorShape input, LayerContext context)
    {
        TensorShape output;
        (context.Body, output) = ShapeInference.InferBlock(spec.Body, input, context);
        if (!SameWhereKnown(input, output))
        {
            context.Report(DiagnosticDescriptors.ResidualShapeMismatch, LayerArguments.BlockArgument, context.DisplayName, spec.BlockName, context.Source,
                MessageText.Shape(input), MessageText.Shape(output));
        }
        return input;
    }

    private static bool SameWhereKnown(TensorShape left, TensorShape right)
    {
        if (left.IsUnknown || right.IsUnknown)
            return true;
        if (left.Rank != right.Rank)
            return false;
        for (int i = 0; i < left.Rank; i++)
        {
            if (left.Dimensions[i] != 0 && right.Dimensions[i] != 0 && left.Dimensions[i] != right.Dimensions[i])
                return false;
        }
        return true;
    }
}
