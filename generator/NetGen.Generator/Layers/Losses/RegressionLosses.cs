using NetGen.Generator.Emit;
using NetGen.Generator.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>MSELoss</c>: (output − target)².</summary>
internal sealed class MSELoss() : ElementwiseLoss<MSELossSpec>("MSELoss")
{
    public override LossSpec Read(LayerArguments arguments) => new MSELossSpec(ReadReduction(arguments));

    protected override ElementLoss Element(MSELossSpec spec) => new("(output − target)²", "2 (output − target)", (writer, isa, _) =>
    {
        writer.Line($"{isa.Type} difference = x - t, loss = difference * difference, slope = difference + difference;");
    });
}
