using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The three sums over features of which a cosine is made: the product of two vectors, and the squares of each.</summary>
internal static class AngleSums
{
    /// <summary>
    /// Declares <c>products</c>, <c>squares</c> and the second vector's squares. What pads the vectors is not read.
    /// </summary>
    /// <param name="first">The pointer to the first vector, and what the emitted code calls a register of it.</param>
    /// <param name="second">The same of the second.</param>
    /// <param name="secondName">What the second vector's sums are called after: <c>target</c> declares <c>targetSquares</c>.</param>
    /// <param name="start">What the squares start from, a literal.</param>
    public static void Emit(SourceWriter writer, VectorIsa isa, int size, (string Pointer, string Register) first,
        (string Pointer, string Register) second, string secondName, string start)
    {
        int whole = size / isa.Lanes * isa.Lanes;
        writer.Line($"double products = 0, squares = {start}, {secondName}Squares = {start};");
        if (whole > 0)
        {
            var sums = new LongSum(writer, isa, "productLanes", "squareLanes", $"{secondName}Lanes");
            (string a, string b) = (first.Register, second.Register);
            IReadOnlyList<string> totals = sums.AllOverVectors(whole, isa.Lanes, () =>
            {
                writer.Line($"{isa.Type} {a} = {isa.Load($"{first.Pointer} + i")}, {b} = {isa.Load($"{second.Pointer} + i")};");
                writer.Line($"productLanes = {isa.MultiplyAdd(a, b, "productLanes")};");
                writer.Line($"squareLanes = {isa.MultiplyAdd(a, a, "squareLanes")};");
                writer.Line($"{secondName}Lanes = {isa.MultiplyAdd(b, b, $"{secondName}Lanes")};");
            });
            writer.Line($"products += {totals[0]};");
            writer.Line($"squares += {totals[1]};");
            writer.Line($"{secondName}Squares += {totals[2]};");
        }
        if (whole == size)
            return;
        using (writer.Block($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(size)}; i++)"))
        {
            writer.Line($"products += (double){first.Pointer}[i] * {second.Pointer}[i];");
            writer.Line($"squares += (double){first.Pointer}[i] * {first.Pointer}[i];");
            writer.Line($"{secondName}Squares += (double){second.Pointer}[i] * {second.Pointer}[i];");
        }
    }
}
