using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <content>What those write who know other libraries, or C# a little less than the attributes ask for.</content>
internal static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NetworkMissing = Error("NG2028", Declaration,
        "Layers without [Network]",
        "'{0}' has layers but is no network yet, so that there is nothing to create, train or load: write {1} in front of them, with the "
            + "dimensions of one sample, or [Block] if other networks use it");

    public static readonly DiagnosticDescriptor LayerOfAnotherName = Error("NG2070", Declaration,
        "Layer of another name",
        "There is no {0} called '{1}': write {2}");

    public static readonly DiagnosticDescriptor UnknownOption = Error("NG2071", Declaration,
        "Option that a layer does not have",
        "{0} has no {1}: {2}");

    public static readonly DiagnosticDescriptor NotConstant = Error("NG2072", Declaration,
        "Size that is not a constant",
        "{0} is given {1}, but code is written for sizes that the compiler knows: {2}");

    public static readonly DiagnosticDescriptor StepWithoutLoss = Error("NG2073", Declaration,
        "Step with targets of a network without a loss",
        "'{0}' has no loss, so that its trainer's {1} takes no targets: write one as its last attribute, e.g. [CrossEntropyLoss] for "
            + "classes or [MSELoss] for numbers");

    public static readonly DiagnosticDescriptor KernelLikeChannels = Warning("NG3050", Usage,
        "Kernel that looks like a number of channels",
        "{0}({1}, {2}) makes {3} with a kernel of {2} × {2}, since of two numbers the first is the output channels and the second the "
            + "kernel; for {2} output channels write {0}({1}, {2}, kernelSize)");

    public static readonly DiagnosticDescriptor OneClass = Warning("NG3051", Usage,
        "Loss over one class",
        "{0} over one class is 0 whatever the network computes: two classes need 2 outputs; for one output that says yes or no take "
            + "BCEWithLogitsLoss");

    public static readonly DiagnosticDescriptor RectifiedScores = Warning("NG3052", Usage,
        "ReLU in front of a loss over scores",
        "{0} in front of {1} makes 0 of every score below 0, from which no gradient comes back: remove it, "
            + "{1} takes scores of either sign");

    public static readonly DiagnosticDescriptor ConsecutiveConvolution = Warning("NG3053", Usage,
        "Convolution with no nonlinearity beside it",
        "{0} follows {1} with no nonlinearity between, so that the two compute no more than one such layer could: put an activation such "
            + "as ReLU between");

    public static readonly DiagnosticDescriptor ChannelsLast = Warning("NG3054", Usage,
        "Channels that look like a width",
        "The first dimension is the channels, so that {0} is {1}: for {2} write [Network({3})]");

    public static readonly DiagnosticDescriptor LayerShapes = new("NG4001",
        "Shapes of a layer", "{0}: {1} → {2}, {3}", Usage, DiagnosticSeverity.Info, isEnabledByDefault: false,
        helpLinkUri: DiagnosticDocumentation.LinkFor("NG4001"));

    public static readonly DiagnosticDescriptor NoDeviceKernel = Error("NG2074", Declaration,
        "No kernel for GPUs",
        "'{0}' {1}, and the project's NetGenTargets asks for cuda: leave cuda out, or declare this network in a project without it");
}
