using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// Operations that write themselves: a formula computed with these is a kernel's text, with the operations that processors do, in their
/// order, each rounded alike.
/// </summary>
internal readonly struct PtxLanes : ILaneOperations<PtxOperand>
{
    // What stands for a number of the step in the place of its value; no formula has such numbers of its own.
    private const float Marker = 1L << 60;

    [ThreadStatic]
    private static PtxText? s_text;

    [ThreadStatic]
    private static PtxOperand s_numbers;

    /// <summary>Begins a text; what is computed in this thread goes there until the next.</summary>
    /// <param name="text">The text.</param>
    /// <param name="numbers">The address of the numbers of the step.</param>
    public static void Begin(PtxText text, PtxOperand numbers) => (s_text, s_numbers) = (text, numbers);

    /// <summary>What stands for a number of the step.</summary>
    /// <param name="place">Its place, from 0.</param>
    public static float NumberAt(int place) => Marker * (place + 1);

    /// <inheritdoc/>
    public static PtxOperand Create(float value)
    {
        float place = Math.Abs(value) / Marker - 1;
        if (place < 0)
            return new PtxOperand(PtxText.Number(value));
        string offset = (sizeof(float) * (int)place).ToString(CultureInfo.InvariantCulture);
        PtxOperand number = Text.Op("ld.global.f32", "f32", $"[{s_numbers}+{offset}]");
        return value < 0 ? Negate(number) : number;
    }

    public static PtxOperand Add(PtxOperand a, PtxOperand b) => Op("add.rn.f32", a, b);

    public static PtxOperand Multiply(PtxOperand a, PtxOperand b) => Op("mul.rn.f32", a, b);

    public static PtxOperand Divide(PtxOperand a, PtxOperand b) => Op("div.rn.f32", a, b);

    public static PtxOperand Sqrt(PtxOperand a) => Op("sqrt.rn.f32", a);

    /// <inheritdoc/>
    public static PtxOperand MultiplyAdd(PtxOperand a, PtxOperand b, PtxOperand c) => Op("fma.rn.f32", a, b, c);

    /// <inheritdoc/>
    public static PtxOperand MultiplySubtract(PtxOperand a, PtxOperand b, PtxOperand c) => Op("fma.rn.f32", Negate(a), b, c);

    /// <inheritdoc/>
    public static PtxOperand Max(PtxOperand a, PtxOperand b) => Choose("gt", a, b, a, b);

    /// <inheritdoc/>
    public static PtxOperand Min(PtxOperand a, PtxOperand b) => Choose("lt", a, b, a, b);

    /// <inheritdoc/>
    public static PtxOperand FlushSubnormal(PtxOperand a) => Choose(
        "lt", Op("abs.f32", a), new PtxOperand(PtxText.Number(LaneConstants.SmallestNormal)), new PtxOperand(PtxText.Number(0f)), a);

    private static PtxText Text => s_text!;

    private static PtxOperand Negate(PtxOperand a) => Op("neg.f32", a);

    // A comparison with NaN does not hold, as those of processors do not.
    private static PtxOperand Choose(string comparison, PtxOperand a, PtxOperand b, PtxOperand yes, PtxOperand no)
    {
        PtxOperand holds = Text.Op($"setp.{comparison}.f32", "pred", a.Text, b.Text);
        return Text.Op("selp.f32", "f32", yes.Text, no.Text, holds.Text);
    }

    private static PtxOperand Op(string operation, PtxOperand a) => Text.Op(operation, "f32", a.Text);

    private static PtxOperand Op(string operation, PtxOperand a, PtxOperand b) => Text.Op(operation, "f32", a.Text, b.Text);

    private static PtxOperand Op(string operation, PtxOperand a, PtxOperand b, PtxOperand c)
        => Text.Op(operation, "f32", a.Text, b.Text, c.Text);
}
