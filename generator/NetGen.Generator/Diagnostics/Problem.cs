using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Diagnostics;

/// <summary>
/// What is wrong and where in terms of the specification: it becomes a diagnostic when the source map turns the place
/// into a location. So shape inference works on specs alone.
/// </summary>
/// <param name="Path">Path of the layer, e.g. <c>residual1.conv2</c>, or one of the constants of <see cref="ProblemPlace"/>.</param>
/// <param name="Argument">Name of the argument that is wrong; null means the attribute as a whole.</param>
/// <param name="Element">Which of the values, where one argument takes several; null means all.</param>
internal sealed record Problem(DiagnosticDescriptor Descriptor, string Path, string? Argument, int? Element,
    EquatableArray<string> MessageArguments)
{
    public bool IsError => Descriptor.DefaultSeverity == DiagnosticSeverity.Error;

    /// <summary>What a code fix can do about it; null where there is no single answer.</summary>
    public ProblemFix? Fix { get; init; }
}

/// <summary>One entry for <c>Diagnostic.Properties</c>.</summary>
/// <param name="Key">A constant of <see cref="FixProperties"/>.</param>
internal sealed record ProblemFix(string Key, string Value)
{
    /// <summary>Takes the argument away.</summary>
    public static ProblemFix RemoveArgument { get; } = new(FixProperties.Remove, FixProperties.Argument);

    /// <summary>Takes the layer away.</summary>
    public static ProblemFix RemoveLayer { get; } = new(FixProperties.Remove, FixProperties.Layer);

    /// <summary>Puts a layer in front.</summary>
    public static ProblemFix Insert(string layer) => new(FixProperties.InsertBefore, layer);

    /// <summary>Writes the name that was probably meant.</summary>
    /// <param name="near">The nearest of the names that there are; null where none is near.</param>
    public static ProblemFix? Name(string? near) => near is null ? null : new ProblemFix(FixProperties.Value, $"\"{near}\"");
}

/// <summary>Places of problems that are not layers. No layer's path looks like them.</summary>
internal static class ProblemPlace
{
    public const string Network = "";

    /// <summary>One of the network's losses.</summary>
    /// <param name="index">Which it is, in the order of the declaration.</param>
    public static string LossAt(int index) => index == 0 ? "<loss>" : $"<loss {index.ToString(CultureInfo.InvariantCulture)}>";

    /// <summary>
    /// Stands for a type argument of the attribute, e.g. the block in <c>Residual&lt;T&gt;</c>, where an argument's name is asked for.
    /// </summary>
    public static string TypeArgument(int index) => "<" + index.ToString(CultureInfo.InvariantCulture) + ">";

    /// <summary>Which type argument an argument's name stands for; null where it stands for none.</summary>
    public static int? TypeArgumentOf(string? argument)
        => argument?.Length > 2
            && int.TryParse(argument.Substring(1, argument.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && argument == TypeArgument(index) ? index : null;
}
