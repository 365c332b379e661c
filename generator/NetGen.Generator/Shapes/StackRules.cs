using NetGen.Generator.Diagnostics;
using NetGen.Generator.Kernels;
using NetGen.Generator.Layers;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Shapes;

/// <summary>Warnings about layers that fit each other but make no sense in this order.</summary>
internal static class StackRules
{
    /// <summary>NG3003: the product of two matrices is one matrix.</summary>
    public static void CheckConsecutiveLinear(
        EquatableArray<LayerSpec> layers, IReadOnlyList<InferredLayer> inferred, string scope, bool isInBlock, ICollection<Problem> problems)
    {
        int previous = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] is LinearSpec linear)
            {
                if (previous >= 0)
                {
                    TensorShape first = inferred[previous].Input;
                    string name = isInBlock ? $"Linear '{scope}{linear.Name}'" : "Linear";
                    string inFeatures = first.IsVector && first.IsComplete ? MessageText.Number(first.Features)
                        : ((LinearSpec)layers[previous]).InFeatures is int declared ? MessageText.Number(declared) : "…";
                    problems.Add(new Problem(DiagnosticDescriptors.ConsecutiveLinear, scope + linear.Name, null, null,
                        new[] { name, inFeatures, MessageText.Number(linear.OutFeatures) }.ToEquatableArray()));
                }
                previous = i;
            }
            else if (!IsTransparent(layers[i]))
                previous = -1;
        }
    }

    /// <summary>NG3002: CrossEntropyLoss takes scores, not probabilities.</summary>
    public static void CheckBeforeLoss(EquatableArray<LayerSpec> layers, LossSpec? loss, ICollection<Problem> problems)
    {
        if (loss is not CrossEntropyLossSpec)
            return;
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            LayerSpec spec = layers[i];
            if (spec is SoftmaxSpec or ActivationSpec { Activation: SigmoidActivation })
            {
                problems.Add(new Problem(DiagnosticDescriptors.NormalisedBeforeCrossEntropy, spec.Name, null, null,
                    new[] { LayerRegistry.For(spec).TypeName(spec) }.ToEquatableArray()));
            }
            if (!IsTransparent(spec))
                return;
        }
    }

    /// <summary>Layers that only scale, drop or rearrange what they are given.</summary>
    private static bool IsTransparent(LayerSpec spec) => spec is DropoutSpec or FlattenSpec;
}
