using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <content>Networks that take one position of a sequence after another.</content>
internal static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NotCausal = Error("NG1120", Shapes,
        "Network that cannot be a stream",
        "'{0}' cannot take one position after another, as [Stream] asks: {1}");

    public static readonly DiagnosticDescriptor StreamWithoutNetwork = Error("NG1121", Declaration,
        "Stream of a class that is not a network",
        "'{0}' would have no stream: put [Stream] on a class marked [Network]");
}
