using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <content>Networks as layers of others.</content>
internal static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor PartInput = Error("NG1096", Shapes,
        "Part takes another shape",
        "{0} takes {1}, but {2} gives {3}");

    public static readonly DiagnosticDescriptor NotAPart = Error("NG2052", Declaration,
        "Class cannot be a part",
        "'{0}' cannot be a part: {1}");

    public static readonly DiagnosticDescriptor PartInBlock = Error("NG2053", Declaration,
        "Part in a block",
        "Block '{0}' has a part, {1}: only a network itself can have one");
}
