using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <content>Values of ints, and the layers that look them up: NG1100 to NG1109.</content>
internal static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor TakesFloats = Error("NG1100", Shapes,
        "Ints where floats are needed",
        "{0} takes floats, but {1} gives {2}: put an Embedding or EmbeddingBag behind them, which makes floats of them");

    public static readonly DiagnosticDescriptor TakesInts = Error("NG1101", Shapes,
        "Floats where ints are needed",
        "{0} takes ints, but {1} gives {2}: declare an input of ints for it to read, such as Input<int>({3})");

    public static readonly DiagnosticDescriptor PaddingOutsideOfTable = Error("NG1102", Shapes,
        "Padding index outside of the table",
        "{0}: padding index {1} is the number of no row: the table has {2}, 0 to {3}, or {4} to −1 from the end");

    public static readonly DiagnosticDescriptor BagWeights = Error("NG1103", Shapes,
        "Weights of a bag do not fit",
        "{0} multiplies each row by the weight that PerSampleWeights names for it, but {1}");

    public static readonly DiagnosticDescriptor UnknownElements = Error("NG2060", Declaration,
        "Input of other elements",
        "{0}: the elements of an input are ints, as of Input<int>(…), or floats, as of Input(…); not {1}");
}
