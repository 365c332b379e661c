using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>Shapes of what the caller gives, as they are declared.</summary>
internal static class InputShape
{
    /// <summary>The shape of declared dimensions; reports what no input can have.</summary>
    /// <param name="place">Path of the layer that declares it, or <see cref="ProblemPlace.Network"/>.</param>
    /// <param name="argument">The argument that has the dimensions.</param>
    /// <param name="attribute">The attribute as the user writes it.</param>
    /// <returns>With 0 where a dimension is wrong; unknown where their number is.</returns>
    public static TensorShape Check(
        EquatableArray<int> dimensions, string place, string argument, string attribute, ICollection<Problem> problems)
    {
        if (dimensions.Count is < 1 or > 3)
        {
            string given = dimensions.Count == 0 ? "none is" : $"{MessageText.Number(dimensions.Count)} are";
            string hint = dimensions.Count == 4 ? "; the batch is no dimension of a sample, leave it out" : "";
            problems.Add(new Problem(DiagnosticDescriptors.UnsupportedInputRank, place, null, null,
                new[] { given, attribute, hint }.ToEquatableArray())
            {
                Fix = dimensions.Count == 4 && place == ProblemPlace.Network ? ProblemFix.RemoveArgument : null,
            });
            return TensorShape.Unknown;
        }
        var known = new int[dimensions.Count];
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = Math.Max(0, dimensions[i]);
            if (dimensions[i] < 1)
            {
                problems.Add(new Problem(DiagnosticDescriptors.SizeBelowOne, place, argument, i,
                    new[] { attribute, DimensionName(i, known.Length), MessageText.Number(dimensions[i]) }.ToEquatableArray()));
            }
        }
        var shape = new TensorShape(known.ToEquatableArray());
        if (LayerContext.ElementCount(shape) > int.MaxValue)
        {
            problems.Add(new Problem(DiagnosticDescriptors.TooLarge, place, null, null, new[]
            {
                "The network's input for one sample is too large", shape.Product,
                MessageText.Number(LayerContext.ElementCount(shape)) + " values",
                MessageText.Number(int.MaxValue),
            }.ToEquatableArray()));
            return new TensorShape(known.Select(_ => 0).ToEquatableArray());
        }
        return shape;
    }

    private static string DimensionName(int index, int rank)
        => rank == 1 ? "number of input features" : index == 0 ? "number of input channels" : rank == 2 ? "input length"
            : index == 1 ? "input height" : "input width";
}
