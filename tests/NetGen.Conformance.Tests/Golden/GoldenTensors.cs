using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Golden;

/// <summary>
/// What PyTorch computed, by entry, as <c>golden/make_golden.py</c> stores it. Read here by a few lines of its own, so that a fault in the
/// runtime's reader does not hide one elsewhere.
/// </summary>
/// <param name="name">What is compared, for messages.</param>
internal sealed class GoldenTensors(
    string name, IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, double[]> tensors)
{
    private const int Samples = 384;

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>As stored, whole or sampled.</summary>
    public IReadOnlyDictionary<string, double[]> Tensors => tensors;

    public static GoldenTensors Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        var metadata = new Dictionary<string, string>();
        var tensors = new Dictionary<string, double[]>();
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (JsonProperty pair in entry.Value.EnumerateObject())
                    metadata.Add(pair.Name, pair.Value.GetString()!);
                continue;
            }
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            int begin = 8 + headerLength + offsets[0].GetInt32(), end = 8 + headerLength + offsets[1].GetInt32();
            ReadOnlySpan<byte> data = bytes.AsSpan(begin, end - begin);
            tensors.Add(entry.Name, entry.Value.GetProperty("dtype").GetString() switch
            {
                "F32" => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(data).ToArray(), x => (double)x),
                "F64" => MemoryMarshal.Cast<byte, double>(data).ToArray(),
                string other => throw new NotSupportedException(other),
                null => throw new FormatException(entry.Name),
            });
        }
        return new GoldenTensors(Path.GetFileNameWithoutExtension(path), metadata, tensors);
    }

    /// <summary>
    /// Checks a tensor against the file: each stored element within the tolerance that <paramref name="errors"/> gives for it
    /// (and float32's rounding in the file), and the sums that stand for the elements that were not stored.
    /// </summary>
    public void Check(string entry, IReadOnlyList<double> actual, double[] errors)
    {
        if (tensors.TryGetValue(entry, out double[]? whole))
        {
            Harness.Check.That(whole.Length == actual.Count, $"{name}, {entry}: {actual.Count} elements, the file has {whole.Length}.");
            for (int i = 0; i < whole.Length; i++)
                CheckElement(entry, i, whole[i], actual[i], errors[i]);
            return;
        }
        double[] sampled = tensors[entry + ".sample"], check = tensors[entry + ".check"];
        int[] places = Numbers.Places(actual.Count, Samples);
        for (int i = 0; i < places.Length; i++)
            CheckElement(entry, places[i], sampled[i], actual[places[i]], errors[places[i]]);
        // Deviations of single elements add up at most linearly.
        double tolerance = Estimate.Tolerance * errors.Sum() + 1e-12 * check[1];
        Harness.Check.That(Math.Abs(actual.Sum() - check[0]) <= tolerance,
            $"{name}, {entry}: sum {actual.Sum():R}, PyTorch has {check[0]:R}, tolerance {tolerance:R}.");
        Harness.Check.That(Math.Abs(actual.Sum(Math.Abs) - check[1]) <= tolerance,
            $"{name}, {entry}: sum of magnitudes {actual.Sum(Math.Abs):R}, PyTorch has {check[1]:R}, tolerance {tolerance:R}.");
    }

    private void CheckElement(string entry, int index, double expected, double actual, double error)
    {
        double tolerance = Estimate.Tolerance * error + 2 * Estimate.Unit * Math.Abs(expected) + 1e-37;
        Harness.Check.That(Math.Abs(actual - expected) <= tolerance,
            $"{name}, {entry}[{index}]: {actual:R}, PyTorch has {expected:R}, tolerance {tolerance:R}.");
    }
}
