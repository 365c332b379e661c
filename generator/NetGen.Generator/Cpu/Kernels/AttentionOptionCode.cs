using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// What the options of attention add to its kernels: windows, which skip keys; slopes of the distance and masks, which are added to the
/// scores; dropout of the probabilities, whose factors are drawn again in the backward pass.
/// </summary>
internal sealed class AttentionOptionCode(AttentionGeometry g)
{
    private int Heads => g.Op.Heads;

    /// <summary>A tile needs to know its first query.</summary>
    public bool NeedsFirst => g.Op.IsCausal || g.Op.IsAlibi;

    /// <summary>What a tile is given besides.</summary>
    public KernelParameter[] Parameters =>
    [
        .. If(g.Op.IsAlibi, Float("slope")), .. If(g.Mask is not null, Floats("mask")),
        .. If(g.Op.Drops, Floats("factors"), ULong("seed"), UInt("sample"), UInt("stepNumber"), Int("stream"), Long("number")),
    ];

    /// <summary>The same in a call.</summary>
    /// <param name="first">The tile's first query.</param>
    /// <param name="factors">Floats in front of the working memory for a row of dropout's factors.</param>
    public string Arguments(string first, long factors)
    {
        string slope = g.Op.IsAlibi ? ", slope" : "", mask = g.Mask is { } added ? ", " + added.Row("mask", first) : "";
        return slope + mask + (g.Op.Drops
            ? $", {AttentionKernel.At(factors)}, seed, sample, step, stream, "
                + $"(head * {Literals.Int(g.Queries)} + {first}) * {Literals.Int(AttentionOp.NumberPitch(g.Keys))}L"
            : "");
    }

    /// <summary>What moves on from sample to sample.</summary>
    public IEnumerable<(string, Layout)> Operands(Layout? drawn)
    {
        if (g.Mask is { } mask)
            yield return ("mask", mask.Layout);
        if (drawn is not null)
            yield return ("drawn", drawn);
    }

    /// <summary>Keeps for the backward pass what a sample's probabilities are drawn from.</summary>
    /// <param name="isOne">The kernel is of one sample.</param>
    public static void EmitKeepDrawn(SourceWriter writer, bool isOne)
    {
        writer.Line("// The backward pass draws the same factors again.");
        writer.Line(isOne ? "uint sample = firstSample;" : "uint sample = firstSample + (uint)n;");
        writer.Line("*(ulong*)drawn = seed;");
        writer.Line("((uint*)drawn)[2] = sample;");
        writer.Line("((uint*)drawn)[3] = step;");
    }

    public static void EmitReadDrawn(SourceWriter writer)
    {
        writer.Line("ulong seed = *(ulong*)drawn;");
        writer.Line("uint sample = ((uint*)drawn)[2], step = ((uint*)drawn)[3];");
    }

    /// <summary>What is the same for all queries of a head.</summary>
    public void EmitHead(SourceWriter writer)
    {
        if (!g.Op.IsAlibi)
            return;
        string slopes = string.Join(", ", AttentionOp.AlibiSlopes(Heads).Select(slope => Literals.Float((float)slope)));
        writer.Line("// By how much a key counts less for each step that it is farther away.");
        if (Heads == 1)
            writer.Line($"float slope = {slopes};");
        else
            writer.Line($"float slope = new ReadOnlySpan<float>([{slopes}])[head];");
    }

    /// <summary>What is added to scores because of the distance; null for nothing.</summary>
    public DistanceBias? Bias(VectorIsa isa) => g.Op.IsAlibi ? new DistanceBias(isa, g.Op.IsCausal, g.Op.Scale) : null;

    /// <summary>Declares which keys the window of a tile has, and where the first group of vectors begins that has any.</summary>
    /// <param name="width">Keys of a group of vectors.</param>
    public static void EmitWindow(SourceWriter writer, AttentionGeometry g, int width)
    {
        if (g.Op.Window is not int window)
            return;
        string begin = $"Math.Max(0, {Before("first", window)})";
        // The window may be beyond all keys: then one group is computed and not used.
        if (g.IsBeyondKeys)
            begin = $"Math.Min({begin}, count - 1)";
        writer.Line($"int begin = {begin}, start = begin / {Literals.Int(width)} * {Literals.Int(width)}, seen = count - begin;");
    }

    private static string Before(string query, int window) => window == 1 ? query : $"{query} - {Literals.Int(window - 1)}";

    /// <summary>Scores of keys in front of a row's window.</summary>
    public static void EmitFillBefore(SourceWriter writer, AttentionGeometry g, string pointer, string value)
    {
        if (g.Op.Window is not int window)
            return;
        string end = Before("first + row", window);
        using (writer.Block($"for (int key = start; key < {(g.IsBeyondKeys ? $"Math.Min({end}, padded)" : end)}; key++)"))
            writer.Line($"{pointer}[key] = {value};");
    }

    /// <summary>Adds a row of the mask to its scores.</summary>
    public void EmitMask(SourceWriter writer, VectorIsa isa, string score)
    {
        if (g.Mask is not { } mask)
            return;
        string padded = AttentionKernel.Padded(g, isa), lanes = Literals.Int(isa.Lanes);
        // The mask's rows may end with half a group of vectors.
        int pitch = mask.Layout.Pitch;
        string end = g.Op.IsCausal ? $"Math.Min(padded, {Literals.Int(pitch)})"
            : int.Parse(padded, System.Globalization.CultureInfo.InvariantCulture) <= pitch ? padded : Literals.Int(pitch);
        string row = mask.RowStride == 0 ? "mask" : $"mask + row * {Literals.Int(mask.RowStride)}";
        using (writer.Block($"for (int key = {AttentionKernel.Start(g)}; key < {end}; key += {lanes})"))
            writer.Line(isa.Store($"({isa.Load($"{score} + key")} + {isa.Load($"{row} + key")})", $"{score} + key"));
    }

    /// <summary>Draws the factors of a row of probabilities.</summary>
    public void EmitDraw(SourceWriter writer, string padded)
    {
        if (!g.Op.Drops)
            return;
        string start = AttentionKernel.Start(g), number = $"number + row * {Literals.Int(AttentionOp.NumberPitch(g.Keys))}L";
        (string to, string from, string count) = start == "0" ? ("factors", number, padded)
            : ($"factors + {start}", $"{number} + {start}", $"{padded} - {start}");
        writer.Line(
            $"Philox.DropoutScales({to}, {from}, {count}, {Literals.Float(g.Op.Dropout)}, seed, sample, stepNumber, (uint)stream);");
    }
}

/// <summary>The distance of query and key times a slope, taken off the scores of a tile.</summary>
/// <param name="isCausal">
/// No key is behind its query. Then its own place counts in place of the distance: the same is added to all of a row, which softmax does
/// not see, and so one vector does for all rows.
/// </param>
/// <param name="scale">What products are multiplied by.</param>
internal sealed class DistanceBias(VectorIsa isa, bool isCausal, float scale)
{
    public void EmitBefore(SourceWriter writer)
    {
        string steps = string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => Literals.Float(lane)));
        string slope = isCausal ? "slope" : "-slope";
        writer.Line($"{isa.Type} places = {isa.Broadcast(steps)}, perStep = {isa.Broadcast(slope)};");
    }

    public void EmitGroup(SourceWriter writer)
    {
        for (int v = 0; v < 2; v++)
        {
            string place = $"{isa.Broadcast($"(float)({Literals.Plus("key", v * isa.Lanes)} - first)")} + places";
            writer.Line($"{isa.Type} bias{Literals.Int(v)} = {(isCausal ? $"({place}) * perStep" : place)};");
        }
    }

    /// <summary>A sum of products times the scale, and the bias.</summary>
    public string Added(string sum, string factor, int row, int vector)
    {
        string bias = $"bias{Literals.Int(vector)}";
        if (isCausal)
            return scale == 1 ? $"({sum} + {bias})" : isa.MultiplyAdd(sum, factor, bias);
        string distance = row == 0 ? bias : $"{bias} - {isa.Broadcast(Literals.Float(row))}";
        return isa.MultiplyAdd($"{isa.Static}.Abs({distance})", "perStep", scale == 1 ? sum : $"({sum} * {factor})");
    }
}
