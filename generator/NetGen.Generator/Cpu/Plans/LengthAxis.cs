using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>A length that each sample brings at run time.</summary>
/// <param name="Name">The input that is declared with it.</param>
/// <param name="Index">Which of the network's lengths.</param>
/// <param name="Most">The most positions that a sample may have.</param>
/// <param name="Pointer">
/// The parameter that points at where the positions of each sample begin, counted over all samples, with one more behind the last.
/// </param>
internal sealed record LengthAxis(string Name, int Index, int Most, string Pointer)
{
    public KernelParameter Starts => KernelParameters.Ints(Pointer);

    /// <summary>Those of a network, in the order of its inputs.</summary>
    public static IReadOnlyList<LengthAxis> Of(IReadOnlyList<InferredPort> inputs)
    {
        var axes = inputs.Where(input => input.Shape.HasLengths).GroupBy(input => input.Shape.Axis!)
            .Select(alike => (Name: alike.Key, Most: alike.First().Shape.Dimensions.FirstOrDefault())).ToList();
        return [.. axes.Select((axis, i) => new LengthAxis(axis.Name, i, axis.Most,
            axes.Count == 1 ? "starts" : Naming.Camel(axis.Name) + "Starts"))];
    }
}
