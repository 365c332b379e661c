using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>An op that gives at each element a function of its inputs there: a thread for each element.</summary>
internal static class ElementwiseKernel
{
    /// <param name="name">The kernel's name.</param>
    /// <param name="summary">What it computes, for whoever reads it.</param>
    /// <param name="operands">How many inputs it has.</param>
    /// <param name="shape">The dimensions of the result, where inputs have others.</param>
    /// <param name="shapes">Those of the inputs; null for one that has the result's.</param>
    /// <remarks>Its parameters are the inputs, the output, and how many elements that has.</remarks>
    public static string Write(string name, string summary, IElementwise op, int operands, IReadOnlyList<int>? shape = null,
        IReadOnlyList<IReadOnlyList<int>?>? shapes = null)
    {
        string[] inputs = [.. Enumerable.Range(0, operands).Select(i => operands == 1 ? "input" : $"input{i}")];
        return EachElementKernel.Write(name, summary, inputs, (writer, pointers, element) =>
        {
            ElementPlace? place = shape is null ? null : new ElementPlace(writer, element, shape);
            var values = new List<PtxFloat>();
            for (int i = 0; i < operands; i++)
            {
                PtxInt index = shapes?[i] is { } own ? place!.In(own) : element;
                values.Add(writer.Load(writer.ElementAddress(pointers[i], index, "at"), "x"));
            }
            return new PtxCode(writer).Apply(op.Apply, values, "y");
        });
    }
}
