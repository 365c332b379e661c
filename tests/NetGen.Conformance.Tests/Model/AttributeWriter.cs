using System.Globalization;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Collects one attribute's arguments and properties.</summary>
/// <param name="choice">Chooses among the ways to say the same thing; 0 takes the shortest.</param>
internal sealed class AttributeWriter(uint choice)
{
    private readonly List<string> _arguments = [], _properties = [];

    /// <summary>Sizes that could be inferred are written.</summary>
    public bool WritesInput => (choice & 1) != 0;

    /// <summary>Arguments by position are preferred to properties.</summary>
    public bool AsArguments => (choice & 2) != 0;

    /// <summary>Two equal numbers are written as two.</summary>
    public bool AsPairs => (choice & 4) != 0;

    public static string Code(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that is read as the same number.</summary>
    public static string Code(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Code(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Code(IEnumerable<int> values) => $"new[] {{ {string.Join(", ", values.Select(Code))} }}";

    /// <summary>As one number where that is possible and not both are asked for.</summary>
    public string Code(Pair pair) => pair.IsSquare && !AsPairs ? Code(pair.Height) : Code([pair.Height, pair.Width]);

    public void Argument(int value) => _arguments.Add(Code(value));

    public void Argument(Pair pair) => _arguments.Add(Code(pair));

    public void Argument(string code) => _arguments.Add(code);

    public void Property(string name, string code) => _properties.Add($"{name} = {code}");

    public void Property(string name, int value) => Property(name, Code(value));

    /// <summary>The property, unless it has the value that it has without being written.</summary>
    public void Property<T>(string name, string code, T value, T usual)
    {
        if (!EqualityComparer<T>.Default.Equals(value, usual))
            Property(name, code);
    }

    public void Property(string name, int value, int usual) => Property(name, Code(value), value, usual);

    public void Property(string name, double value, double usual) => Property(name, Code(value), value, usual);

    public void Property(string name, Pair value, Pair usual) => Property(name, Code(value), value, usual);

    public void Property(string name, bool value, bool usual) => Property(name, value ? "true" : "false", value, usual);

    /// <summary>The attribute in brackets, arguments before properties.</summary>
    public string Text(string name)
    {
        string inside = string.Join(", ", _arguments.Concat(_properties));
        return inside.Length == 0 ? $"[{name}]" : $"[{name}({inside})]";
    }
}
