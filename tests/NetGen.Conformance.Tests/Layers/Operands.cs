using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// What a layer of several operands reads by names: first what arrives, then those that are named; where a dot, which means what arrives,
/// is among the names, they are all.
/// </summary>
internal static class Operands
{
    public const string Cursor = ".";

    /// <summary>The names that have to be found.</summary>
    public static IReadOnlyList<string> Reads(IReadOnlyList<string> values) => [.. values.Where(value => value != Cursor)];

    /// <summary>The operands in their order.</summary>
    /// <param name="named">What has been found, for each of <see cref="Reads"/>.</param>
    public static IReadOnlyList<Value> Connect(IReadOnlyList<string> values, Value input, IReadOnlyList<Node> named)
    {
        var found = new Queue<Value>(named.Select(node => node.Output));
        Value[] operands = [.. values.Select(value => value == Cursor ? input : found.Dequeue())];
        return values.Contains(Cursor) ? operands : [input, .. operands];
    }

    /// <summary>What arrives, and behind it what is named, of a layer with these operands.</summary>
    public static IReadOnlyList<Shape> Read(IReadOnlyList<string> values, IReadOnlyList<Shape> operands) => !values.Contains(Cursor)
        ? operands
        : [operands[values.ToList().IndexOf(Cursor)], .. operands.Where((_, i) => values[i] != Cursor)];

    /// <summary>Writes the names as arguments of an attribute.</summary>
    public static void Declare(AttributeWriter attribute, IReadOnlyList<string> values)
    {
        foreach (string value in values)
            attribute.Argument($"\"{value}\"");
    }

    /// <summary>The names of the values, of those that may be named at a place, whose shapes fit.</summary>
    public static string[] Fitting(Place place, Func<Shape, bool> fits) =>
        [.. place.Named.Where(value => fits(value.Shape)).Select(value => value.Name)];
}
