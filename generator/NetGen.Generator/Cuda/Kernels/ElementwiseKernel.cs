using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>An op that gives at each element a function of its inputs there, all of one size: a thread for each element.</summary>
internal static class ElementwiseKernel
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 256;

    /// <param name="name">The kernel's name.</param>
    /// <param name="summary">What it computes, for whoever reads it.</param>
    /// <param name="operands">How many inputs it has.</param>
    /// <remarks>Its parameters are the inputs, the output, and how many elements each has.</remarks>
    public static string Write(string name, string summary, IElementwise op, int operands)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong[] inputs = [.. Enumerable.Range(0, operands).Select(i => writer.Pointer(operands == 1 ? "input" : $"input{i}"))];
        PtxLong output = writer.Pointer("output");
        PtxInt count = writer.Count("count");
        PtxInt element = writer.ThreadOfGrid("element");
        writer.ReturnIf(writer.Compare("ge", element, count, "isBehind"));
        var values = new List<PtxFloat>();
        foreach (PtxLong input in inputs)
            values.Add(writer.Load(writer.ElementAddress(input, element, "at"), "x"));
        PtxFloat result = new PtxCode(writer).Apply(op.Apply, values, "y");
        writer.Store(writer.ElementAddress(output, element, "to"), result);
        return writer.Render();
    }
}
