using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What a query sees of a memory, one sample at a time: scores, their softmax, and what it weighs.</summary>
internal sealed class MemoryKernels(MemoryGeometry g, string name, string summary)
{
    /// <summary>Vectors of sums that are under way at once.</summary>
    private const int Together = 4;

    private static readonly TanhFunction s_tanh = new();

    private bool IsAdditive => g.Attention.IsAdditive;

    private string Count => g.HasLengths ? "count" : Literals.Int(g.Attention.Positions);

    private string Padded => Literals.Int(g.Padded);

    private IEnumerable<KernelParameter> Lengths => If(g.HasLengths, Int("count"));

    /// <summary>Scores and context of a query.</summary>
    public Kernel Attend() => new(name, summary,
        $"{Words}. Scores are divided by their sum of powers; what is behind the last of them is zero.",
        [
            Floats("query"), Floats("keys"), Floats("memory"), .. If(IsAdditive, Floats("score")), Floats("weights"), Floats("context"),
            .. Lengths,
        ],
        (writer, isa, names) =>
        {
            EmitScores(writer, isa, names);
            EmitSoftmax(writer, isa, names);
            EmitContext(writer, isa);
        });

    /// <summary>Back from the gradients of the context and, where there is one, of the weights.</summary>
    /// <param name="hasWeights">That is where it is added.</param>
    public Kernel Gradient(bool hasWeights) => new(name, summary, $"{Words}. Adds to the gradients of keys and memory.",
        [
            Floats("query"), Floats("keys"), Floats("memory"), .. If(IsAdditive, Floats("score")), Floats("weights"),
            Floats("contextGradient"), .. If(hasWeights, Floats("weightGradient")), Floats("slopes"), Floats("keyGradient"),
            Floats("memoryGradient"), Floats("queryGradient"), .. If(IsAdditive, Floats("scoreGradient")), .. Lengths,
        ],
        (writer, isa, names) =>
        {
            EmitSlopes(writer, isa, hasWeights);
            EmitQueryGradient(writer, isa, names);
        });

    private string Words => $"{(g.HasLengths ? "Up to " : "")}{Literals.Int(g.Attention.Positions)} positions of "
        + $"{Literals.Int(g.Attention.Features)} features, {(IsAdditive ? "additive" : "dot")} scores of {Literals.Int(g.Attention.Size)}";

    private void EmitScores(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        var vectors = new VectorCode(isa, names);
        ElementValue query = vectors.Load("query + i"), key = vectors.Load("key + i");
        ElementValue left = IsAdditive ? vectors.Load("score + i") : query, right = IsAdditive ? s_tanh.Apply(query + key) : key;
        using (writer.Block($"for (int j = 0; j < {Count}; j++)"))
        {
            writer.Line($"float* key = keys + j * {Literals.Int(g.Key.Pitch)};");
            writer.Line($"{isa.Type} sum = {isa.Zero};");
            using (writer.Block(Features(isa, "i", g.Attention.Size)))
                writer.Line($"sum = {vectors.Text(ElementValue.MultiplyAdd(left, right, ElementValue.Named("sum")))};");
            writer.Line($"weights[j] = {isa.Static}.Sum(sum);");
        }
    }

    private void EmitSoftmax(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string lanes = Literals.Int(isa.Lanes);
        writer.Line("// Exponentials, the largest score taken off first so that none overflows.");
        EmitFill(writer, "weights", "float.NegativeInfinity");
        writer.Line($"{isa.Type} most = {isa.Load("weights")};");
        if (g.Padded > isa.Lanes)
        {
            using (writer.Block($"for (int j = {lanes}; j < {Padded}; j += {lanes})"))
                writer.Line($"most = {isa.Static}.Max(most, {isa.Load("weights + j")});");
        }
        writer.Line($"float largest = {AttentionKernel.EmitLargest(writer, isa)};");
        writer.Line($"{isa.Type} shift = {isa.Broadcast("largest")}, sums = {isa.Zero};");
        using (writer.Block($"for (int j = 0; j < {Padded}; j += {lanes})"))
        {
            writer.Line($"{isa.Type} power = {names.Math(Exponential.Exp)}({isa.Load("weights + j")} - shift);");
            writer.Line("sums += power;");
            writer.Line(isa.Store("power", "weights + j"));
        }
        writer.Line($"{isa.Type} inverse = {isa.Broadcast($"1 / {isa.Static}.Sum(sums)")};");
        using (writer.Block($"for (int j = 0; j < {Padded}; j += {lanes})"))
            writer.Line(isa.Store($"({isa.Load("weights + j")} * inverse)", "weights + j"));
    }

    private void EmitContext(SourceWriter writer, VectorIsa isa)
    {
        writer.Line("// What the weights make of the memory.");
        int vectors = Layout.RoundUp(g.Attention.Features) / isa.Lanes;
        foreach (TileRun groups in TileShapes.Groups(vectors, Math.Min(Together, vectors)))
        {
            int width = groups.Size * isa.Lanes, start = groups.Start * isa.Lanes;
            using (writer.Block($"for (int f = {Literals.Int(start)}; f < {Literals.Int(start + width * groups.Count)}; "
                + $"f += {Literals.Int(width)})"))
            {
                string sums = string.Join(", ", Enumerable.Range(0, groups.Size).Select(v => $"sum{Literals.Int(v)} = {isa.Zero}"));
                writer.Line($"{isa.Type} {sums};");
                using (writer.Block($"for (int j = 0; j < {Count}; j++)"))
                {
                    writer.Line($"{isa.Type} weight = {isa.Broadcast("weights[j]")};");
                    writer.Line($"float* row = memory + j * {Literals.Int(g.Memory.Pitch)} + f;");
                    for (int v = 0; v < groups.Size; v++)
                    {
                        string sum = "sum" + Literals.Int(v);
                        writer.Line($"{sum} = {isa.MultiplyAdd("weight", isa.Load(Literals.Plus("row", v * isa.Lanes)), sum)};");
                    }
                }
                for (int v = 0; v < groups.Size; v++)
                    writer.Line(isa.Store("sum" + Literals.Int(v), Literals.Plus("context + f", v * isa.Lanes)));
            }
        }
    }

    /// <summary>The gradients of the scores, and what flows back to the memory as far as the context is of it.</summary>
    private void EmitSlopes(SourceWriter writer, VectorIsa isa, bool hasWeights)
    {
        string lanes = Literals.Int(isa.Lanes);
        writer.Line("// The gradients of the weights.");
        using (writer.Block($"for (int j = 0; j < {Count}; j++)"))
        {
            string at = $" + j * {Literals.Int(g.Memory.Pitch)}";
            writer.Line($"float* row = memory{at}, gradient = memoryGradient{at};");
            writer.Line($"{isa.Type} weight = {isa.Broadcast("weights[j]")}, sum = {isa.Zero};");
            using (writer.Block(Features(isa, "f", g.Attention.Features)))
            {
                writer.Line($"{isa.Type} ofContext = {isa.Load("contextGradient + f")};");
                writer.Line($"sum = {isa.MultiplyAdd("ofContext", isa.Load("row + f"), "sum")};");
                writer.Line(isa.Store(isa.MultiplyAdd("weight", "ofContext", isa.Load("gradient + f")), "gradient + f"));
            }
            writer.Line($"slopes[j] = {isa.Static}.Sum(sum){(hasWeights ? " + weightGradient[j]" : "")};");
        }
        EmitFill(writer, "slopes", "0");
        writer.Line("// Of the scores: weights times how far their gradients are from the mean that they weigh.");
        writer.Line($"{isa.Type} products = {isa.Zero};");
        using (writer.Block($"for (int j = 0; j < {Padded}; j += {lanes})"))
            writer.Line($"products = {isa.MultiplyAdd(isa.Load("weights + j"), isa.Load("slopes + j"), "products")};");
        writer.Line($"{isa.Type} mean = {isa.Broadcast($"{isa.Static}.Sum(products)")};");
        using (writer.Block($"for (int j = 0; j < {Padded}; j += {lanes})"))
            writer.Line(isa.Store($"({isa.Load("weights + j")} * ({isa.Load("slopes + j")} - mean))", "slopes + j"));
    }

    private void EmitQueryGradient(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        var vectors = new VectorCode(isa, names);
        writer.Line("// What flows through the scores to query and keys.");
        using (writer.Block(Features(isa, "i", g.Attention.Size)))
        {
            writer.Line($"{isa.Type} own = {isa.Load("query + i")}, ofQuery = {isa.Zero}{(IsAdditive ? $", ofScore = {isa.Zero}" : "")};");
            if (IsAdditive)
                writer.Line($"{isa.Type} factor = {isa.Load("score + i")};");
            using (writer.Block($"for (int j = 0; j < {Count}; j++)"))
            {
                string at = $" + j * {Literals.Int(g.Key.Pitch)} + i";
                writer.Line($"float* gradient = keyGradient{at};");
                writer.Line($"{isa.Type} slope = {isa.Broadcast("slopes[j]")}, key = {isa.Load($"keys{at}")};");
                if (IsAdditive)
                {
                    ElementValue bounded = ElementValue.Named("bounded"), slope = ElementValue.Named("slope");
                    ElementValue sum = ElementValue.Named("own") + ElementValue.Named("key");
                    writer.Line($"{isa.Type} bounded = {vectors.Text(s_tanh.Apply(sum))};");
                    writer.Line($"ofScore = {isa.MultiplyAdd("slope", "bounded", "ofScore")};");
                    writer.Line($"{isa.Type} flow = {vectors.Text(s_tanh.Derivative(slope * ElementValue.Named("factor"), bounded))};");
                    writer.Line("ofQuery += flow;");
                    writer.Line(isa.Store($"({isa.Load("gradient")} + flow)", "gradient"));
                }
                else
                {
                    writer.Line($"ofQuery = {isa.MultiplyAdd("slope", "key", "ofQuery")};");
                    writer.Line(isa.Store(isa.MultiplyAdd("slope", "own", isa.Load("gradient")), "gradient"));
                }
            }
            writer.Line(isa.Store("ofQuery", "queryGradient + i"));
            if (IsAdditive)
                writer.Line(isa.Store("ofScore", "scoreGradient + i"));
        }
    }

    /// <summary>What is behind a row's last position.</summary>
    private void EmitFill(SourceWriter writer, string pointer, string value)
    {
        if (!g.HasLengths && g.Padded == g.Attention.Positions)
            return;
        using (writer.Block($"for (int j = {Count}; j < {Padded}; j++)"))
            writer.Line($"{pointer}[j] = {value};");
    }

    private static string Features(VectorIsa isa, string index, int features)
        => $"for (int {index} = 0; {index} < {Literals.Int(Layout.RoundUp(features))}; {index} += {Literals.Int(isa.Lanes)})";
}
