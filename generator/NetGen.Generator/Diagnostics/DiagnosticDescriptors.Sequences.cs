using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <content>Layers of sequences.</content>
internal static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor AttentionInputMissing = Error("NG1110", Shapes,
        "Attention without queries or keys",
        "{0} takes its values from the layer before it, queries and keys from earlier layers, which Query and Key name, but {1}");

    public static readonly DiagnosticDescriptor NeedsFixedLength = Error("NG1130", Shapes,
        "Layer needs a fixed length",
        "{0} needs a length that is known at compile time, but {1} gives {2}, of which each sample has as many positions as it brings for "
            + "'{3}'; declare that input with a fixed length of {4}, or make one vector of the positions first: Mean(1), Amax(1), Select(1, -1)");

    public static readonly DiagnosticDescriptor RunTimeLength = Error("NG1131", Shapes,
        "Run-time length cannot be had this way",
        "{0}: {1}");

    public static readonly DiagnosticDescriptor ClassDimension = Error("NG1132", Shapes,
        "Classes are not the dimension that the loss takes",
        "{0}: {1}");

    public static readonly DiagnosticDescriptor AttentionMismatch = Error("NG1111", Shapes,
        "Heads, features or lengths of an attention do not fit",
        "{0} cannot be computed: {1}");

    public static readonly DiagnosticDescriptor AttentionMaskMissing = Error("NG1112", Shapes,
        "Attention without its mask",
        "{0} adds to its scores what Mask names, but {1}");

    public static readonly DiagnosticDescriptor MemoryMissing = Error("NG1113", Shapes,
        "Attention without its memory",
        "{0} takes keys and values from an earlier layer, but {1}");

    public static readonly DiagnosticDescriptor InitialStateMissing = Error("NG1114", Shapes,
        "Recurrent layer without its first state",
        "{0} starts from a state that is named, but {1}");
}
