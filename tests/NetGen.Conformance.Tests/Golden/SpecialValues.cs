using System.Globalization;

namespace NetGen.Conformance.Tests.Golden;

/// <summary>What PyTorch makes of NaN, infinity and numbers near the ends of float32 (<c>golden/make_special_values.py</c>).</summary>
/// <param name="Network">In the notation of the golden files.</param>
/// <param name="Loss">Null without one.</param>
/// <param name="Gradient">Of the input: from the loss, or from the gradient 1, 2, 3, 1, … of the output.</param>
internal sealed record SpecialValues(string Network, double[] Input, double[] Target, double? Loss, double[] Output, double[] Gradient)
{
    public static IEnumerable<SpecialValues> Read()
    {
        foreach (string line in File.ReadLines(Path.Combine(GoldenFile.Folder, "special_values.txt")))
        {
            string[] parts = line.Split('\t');
            double[] loss = Numbers(parts[3]);
            yield return new(
                parts[0], Numbers(parts[1]), Numbers(parts[2]), loss.Length == 0 ? null : loss[0], Numbers(parts[4]), Numbers(parts[5]));
        }
    }

    private static double[] Numbers(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(word, CultureInfo.InvariantCulture),
    }).ToArray();
}
