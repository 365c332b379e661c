using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>The losses: read and checked like layers, but a network has at most one and it stands last.</summary>
internal static class Losses
{
    /// <summary>The loss that an attribute declares; <see cref="LossKind.None"/> if the generator does not know it.</summary>
    public static LossKind FindByAttribute(string metadataName) => metadataName switch
    {
        "NetGen.CrossEntropyLossAttribute" => LossKind.CrossEntropy,
        "NetGen.MSELossAttribute" => LossKind.MeanSquaredError,
        _ => LossKind.None,
    };

    /// <summary>Checks the loss against the network's output.</summary>
    /// <param name="source">What gives the output, e.g. <c>the preceding Linear</c>.</param>
    public static void Check(LossKind loss, TensorShape output, string source, ICollection<Problem> problems)
    {
        if (loss != LossKind.CrossEntropy || output.IsUnknown || output.IsVector)
            return;
        problems.Add(new Problem(DiagnosticDescriptors.LossShape, ProblemPlace.Loss, Argument: null, Element: null,
            new[] { "CrossEntropyLoss", source, MessageText.Shape(output), LayerContext.FlattenHint(output) }.ToEquatableArray())
        {
            Fix = LayerContext.FlattenFix,
        });
    }
}
