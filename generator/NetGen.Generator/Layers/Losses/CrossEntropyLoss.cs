using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emit;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>CrossEntropyLoss</c>: log-softmax over the classes, and the negative log-likelihood of a label.</summary>
internal sealed class CrossEntropyLoss() : Loss<CrossEntropyLossSpec>("CrossEntropyLoss")
{
    public override LossSpec Read(LayerArguments arguments)
        => new CrossEntropyLossSpec(ReadReduction(arguments), EquatableArray<float>.Empty, CrossEntropyLossSpec.DefaultIgnoreIndex, 0);

    protected override void Check(CrossEntropyLossSpec spec, LossContext context) => ClassTargets.CheckOutput(context);

    protected override IReadOnlyList<LossTarget> Targets(CrossEntropyLossSpec spec, TensorShape output)
        => [ClassTargets.Labels("Loss", spec.Reduction, spec.Weight, spec.IgnoreIndex, output)];

    protected override LossNode CreateNode(CrossEntropyLossSpec spec, TensorShape output) => new CrossEntropyLossNode(Title(spec), spec);
}

internal sealed class CrossEntropyLossNode(string title, CrossEntropyLossSpec spec) : LossNode(title)
{
    public override void SelectKernels(SelectKernels selection)
        => selection.CallLoss("Loss", CrossEntropyKernels.Labels(Title, spec, Input.Layout, Output!.Layout), this, Input, "labels", Output, "losses", "scale");
}
