using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Golden;

/// <summary>
/// A golden file: what PyTorch computed for one network (<c>golden/make_golden.py</c> says what is in it). Read here by a few
/// lines of its own, so that a fault in the runtime's reader does not hide one elsewhere.
/// </summary>
internal sealed class GoldenFile
{
    private const int Samples = 384;
    private readonly Dictionary<string, double[]> _tensors = [];

    private GoldenFile(string name, Dictionary<string, string> metadata, Dictionary<string, double[]> tensors)
    {
        Name = name;
        _tensors = tensors;
        Count = int.Parse(metadata["batch"], CultureInfo.InvariantCulture);
        Seed = int.Parse(metadata["seed"], CultureInfo.InvariantCulture);
        string className = string.Concat(name.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        Stack = Stack.Parse(metadata["stack"], "Golden" + className);
        Parameters = ParameterInfo.Values(Stack.Parameters, Seed);
        Input = Numbers.Uniform(Seed * 1000, Count * Stack.Input.Size);
        Target = Target.For(Stack, Seed * 1000 + 999, Count);
    }

    public string Name { get; }

    public Stack Stack { get; }

    public int Count { get; }

    public int Seed { get; }

    public float[][] Parameters { get; }

    public float[] Input { get; }

    public Target Target { get; }

    /// <summary>A layer looks at the whole batch in training: the file has the evaluation's output besides.</summary>
    public bool HasBatchStatistics => Stack.HasBatchStatistics;

    public double? Loss => _tensors.TryGetValue("loss", out double[]? loss) ? loss[0] : null;

    /// <summary>By optimiser, the losses of ten steps.</summary>
    public IEnumerable<(string Optimizer, double[] Losses)> Losses =>
        _tensors.Where(t => t.Key.StartsWith("losses.", StringComparison.Ordinal)).Select(t => (t.Key["losses.".Length..], t.Value));

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "golden");

    public static IReadOnlyList<string> Names { get; } = Directory.GetFiles(Folder, "*.safetensors")
        .Select(f => Path.GetFileName(f)[..^".safetensors".Length])
        .Where(n => !n.EndsWith(".parameters", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).ToArray();

    public static TheoryData<string> NameTable => new(Names);

    public static GoldenFile Read(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, name + ".safetensors"));
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
        return new GoldenFile(name, metadata, tensors);
    }

    /// <summary>
    /// Checks a tensor against the file: each stored element within the tolerance that <paramref name="errors"/> gives for it
    /// (and float32's rounding in the file), and the sums that stand for the elements that were not stored.
    /// </summary>
    public void Check(string entry, IReadOnlyList<double> actual, double[] errors)
    {
        if (_tensors.TryGetValue(entry, out double[]? whole))
        {
            Assert.True(whole.Length == actual.Count, $"{Name}, {entry}: {actual.Count} elements, the file has {whole.Length}.");
            for (int i = 0; i < whole.Length; i++)
                CheckElement(entry, i, whole[i], actual[i], errors[i]);
            return;
        }
        double[] sampled = _tensors[entry + ".sample"], check = _tensors[entry + ".check"];
        int[] places = Numbers.Places(actual.Count, Samples);
        for (int i = 0; i < places.Length; i++)
            CheckElement(entry, places[i], sampled[i], actual[places[i]], errors[places[i]]);
        // Deviations of single elements add up at most linearly.
        double tolerance = Estimate.Tolerance * errors.Sum() + 1e-12 * check[1];
        Assert.True(Math.Abs(actual.Sum() - check[0]) <= tolerance,
            $"{Name}, {entry}: sum {actual.Sum():R}, PyTorch has {check[0]:R}, tolerance {tolerance:R}.");
        Assert.True(Math.Abs(actual.Sum(Math.Abs) - check[1]) <= tolerance,
            $"{Name}, {entry}: sum of magnitudes {actual.Sum(Math.Abs):R}, PyTorch has {check[1]:R}, tolerance {tolerance:R}.");
    }

    private void CheckElement(string entry, int index, double expected, double actual, double error)
    {
        double tolerance = Estimate.Tolerance * error + 2 * Estimate.Unit * Math.Abs(expected) + 1e-37;
        Assert.True(Math.Abs(actual - expected) <= tolerance,
            $"{Name} ({Stack}), {entry}[{index}]: {actual:R}, PyTorch has {expected:R}, tolerance {tolerance:R}.");
    }
}
