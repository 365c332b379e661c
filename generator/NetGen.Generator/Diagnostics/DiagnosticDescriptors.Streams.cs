using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <content>Networks that take one position of a sequence after another, and networks that are never trained.</content>
internal static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NotCausal = Error("NG1120", Shapes,
        "Network that cannot be a stream",
        "'{0}' cannot take one position after another, as [Stream] asks: {1}");

    public static readonly DiagnosticDescriptor StreamWithoutNetwork = Error("NG1121", Declaration,
        "Stream of a class that is not a network",
        "'{0}' would have no stream: put [Stream] on a class marked [Network]");

    public static readonly DiagnosticDescriptor LossOfInferenceOnly = Error("NG1140", Declaration,
        "Loss of a network for inference only",
        "'{0}' is for inference only, so that nothing would use its loss, {1}: remove the loss, or [InferenceOnly]");

    public static readonly DiagnosticDescriptor WeightsOfPart = Error("NG1141", Declaration,
        "Weights of a part in another form",
        "'{0}' cannot keep its weights as {1}: {2} has the memory of a network of its own, whose weights are floats");

    public static readonly DiagnosticDescriptor InferenceOnlyWithoutNetwork = Error("NG1142", Declaration,
        "InferenceOnly on a class that is not a network",
        "'{0}' is not trained by itself: put [InferenceOnly] on a class marked [Network]");
}
