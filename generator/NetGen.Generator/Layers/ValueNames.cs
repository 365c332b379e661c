using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>Values of any shape that a layer reads by name.</summary>
internal static class ValueNames
{
    /// <summary>In the names of layers whose own are in error, which are nobody's to read about.</summary>
    public const char SubstituteMark = '?';

    /// <summary>What an argument may be, for a message.</summary>
    public const string Form = "the name of a layer, such as \"conv1\"";

    /// <param name="argument">The argument that names it.</param>
    /// <param name="name">The name as declared; null where it could not be read.</param>
    /// <param name="element">Which of the argument's values it is, where it has several.</param>
    public static NamedInput Named(string argument, string? name, int? element = null)
        => new(argument, name, DiagnosticDescriptors.UnknownValue) { Element = element, Choices = Choices };

    private static string Choices(KnownLayers known)
    {
        string[] paths = known.All.Where(layer => layer.Path.IndexOf(SubstituteMark) < 0).Select(layer => $"'{layer.Path}'").ToArray();
        return paths.Length == 0 ? "; nothing but the input is in front of it" : $"; there are {MessageText.List(paths)}";
    }
}
