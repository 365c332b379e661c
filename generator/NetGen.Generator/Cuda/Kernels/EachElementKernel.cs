namespace NetGen.Generator.Cuda.Kernels;

/// <summary>A result of which a thread computes each element by itself.</summary>
internal static class EachElementKernel
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 256;

    /// <param name="name">The kernel's name.</param>
    /// <param name="summary">What it computes, for whoever reads it.</param>
    /// <param name="inputs">Names of what it reads.</param>
    /// <param name="value">An element of the result, from its number.</param>
    /// <remarks>Its parameters are the inputs, the output, and how many elements that has.</remarks>
    public static string Write(string name, string summary, IReadOnlyList<string> inputs,
        Func<PtxWriter, PtxLong[], PtxInt, PtxFloat> value) => WriteTo(name, summary, inputs,
        (writer, pointers, element) => (element, value(writer, pointers, element)));

    /// <summary>The same where a thread's result has another place than its number.</summary>
    public static string WriteTo(string name, string summary, IReadOnlyList<string> inputs,
        Func<PtxWriter, PtxLong[], PtxInt, (PtxInt Place, PtxFloat Value)> value)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong[] pointers = [.. inputs.Select(writer.Pointer)];
        PtxLong output = writer.Pointer("output");
        PtxInt count = writer.Count("count");
        PtxInt element = writer.ThreadOfGrid("element");
        writer.ReturnIf(writer.Compare("ge", element, count, "isBehind"));
        (PtxInt place, PtxFloat result) = value(writer, pointers, element);
        writer.Store(writer.ElementAddress(output, place, "to"), result);
        return writer.Render();
    }

    /// <summary>Zeros.</summary>
    public static string WriteZeros(string name, string summary)
        => Write(name, summary, [], (_, _, _) => PtxWriter.Number(0f));

    /// <summary>A number of an array.</summary>
    public static PtxFloat Element(this PtxWriter writer, PtxLong start, PtxInt index, string stem)
        => writer.Load(writer.ElementAddress(start, index, stem + "At"), stem);
}

/// <summary>Where an element lies in samples of some dimensions, the last of which is the innermost.</summary>
internal sealed class ElementPlace
{
    private readonly PtxWriter _writer;
    private readonly PtxInt[] _coordinates;

    public ElementPlace(PtxWriter writer, PtxInt element, IReadOnlyList<int> dimensions)
    {
        _writer = writer;
        _coordinates = new PtxInt[dimensions.Count];
        PtxInt rest = element;
        for (int i = dimensions.Count - 1; i >= 0; i--)
        {
            (rest, _coordinates[i]) = dimensions[i] == 1
                ? (rest, PtxWriter.Number(0)) : writer.Divide(rest, dimensions[i], "rest", "along");
        }
        Sample = rest;
    }

    public PtxInt Sample { get; }

    public PtxInt this[int dimension] => _coordinates[dimension];

    /// <summary>The number of the element that another value has there, whose extents of 1 are repeated.</summary>
    public PtxInt In(IReadOnlyList<int> dimensions)
    {
        PtxInt index = Sample;
        for (int i = 0; i < dimensions.Count; i++)
        {
            if (dimensions[i] > 1)
                index = _writer.MultiplyAdd(index, PtxWriter.Number(dimensions[i]), _coordinates[i], "index");
        }
        return index;
    }
}
