using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The windows of a pooling in emitted code, which visits them by the variables <c>plane</c>, <c>row</c> and <c>column</c>, and their
/// elements by
/// <c>tapRow</c> and <c>tap</c>.
/// </summary>
internal static class PoolWindowText
{
    /// <summary>Windows with more taps than this are loops.</summary>
    public const int MaxUnrolledTaps = 16;

    extension(PoolWindows pool)
    {
        /// <summary>No window leaves the image.</summary>
        public bool IsInterior => pool.Rows.IsInterior && pool.Columns.IsInterior;

        /// <summary>The taps are written out.</summary>
        public bool IsUnrolled => pool.IsInterior && pool.Kernel.Area <= MaxUnrolledTaps;

        /// <summary>No two windows have an element in common.</summary>
        public bool IsDisjoint => pool.Rows.IsDisjoint && pool.Columns.IsDisjoint;

        /// <summary>Every element belongs to one window.</summary>
        public bool Covers => pool.Rows.Covers && pool.Columns.Covers;

        /// <summary>What the sum over a window is multiplied with.</summary>
        public string Scale => pool.Divisor is int divisor ? $"1f / {Literals.Int(divisor)}"
            : pool.IsInterior ? $"1f / {Literals.Int(pool.Kernel.Area)}"
            : "1f / (countedTapRows * countedTaps)";

        /// <summary>The first element of the window in a value of the pool's input's shape.</summary>
        public string At(Layout layout)
        {
            string rows = pool.Rows.Offset("row", layout.RowStride), columns = pool.Columns.Offset("column", Layout.Block);
            return Literals.Plus($"plane * {Literals.Int(layout.PlaneStride)}{rows}{columns}", layout.Origin);
        }

        /// <summary>The element of the window at (tapRow, tap), from the window's start.</summary>
        public string TapOffset(Layout layout)
            => $"tapRow * {Literals.Int((long)pool.Rows.Dilation * layout.RowStride)} "
                + $"+ tap * {Literals.Int((long)pool.Columns.Dilation * Layout.Block)}";

        /// <summary>The offsets of all elements of a window.</summary>
        public IEnumerable<long> Taps(Layout layout)
            => from row in Enumerable.Range(0, pool.Kernel.Height)
               from column in Enumerable.Range(0, pool.Kernel.Width)
               select (long)row * pool.Rows.Dilation * layout.RowStride + (long)column * pool.Columns.Dilation * Layout.Block;
    }

    /// <summary>The window in a value of the pool's output's shape.</summary>
    public static string AtPooled(Layout layout)
        => Literals.Plus($"plane * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)} + column * 16",
            layout.Origin);

    /// <summary>
    /// First and end tap inside the image, and the taps that count for the average; nothing where all taps are written out.
    /// </summary>
    public static void EmitClip(SourceWriter writer, PoolWindows pool, bool rows)
    {
        if (pool.IsUnrolled)
            return;
        string position = rows ? "row" : "column", tap = rows ? "TapRow" : "Tap";
        PoolAxis axis = rows ? pool.Rows : pool.Columns;
        (string first, string end) = axis.Range(position);
        string modifier = axis.IsInterior ? "const " : "";
        writer.Line($"{modifier}int first{tap} = {first}, end{tap} = {end};");
        if (!pool.IsMax && pool.Divisor is null && !pool.IsInterior)
            writer.Line($"{modifier}int counted{tap}s = {axis.Counted(position, pool.CountIncludePad, $"end{tap} - first{tap}")};");
    }

    /// <summary>Writes the loops over all elements of a window.</summary>
    public static BlockStack OpenTaps(SourceWriter writer) => new BlockStack(writer)
        .Open("for (int tapRow = firstTapRow; tapRow < endTapRow; tapRow++)")
        .Open("for (int tap = firstTap; tap < endTap; tap++)");

    /// <summary>Sets a plane of a value to zero, where windows do not write all of it.</summary>
    public static void EmitClear(SourceWriter writer, PoolWindows pool, Layout output)
    {
        if (pool.Covers)
            return;
        writer.Line("// Windows overlap or leave gaps: start from zero.");
        using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
            writer.Line($"new Span<float>(output + {Row(output)}, {Literals.Int(output.Width * Layout.Block)}).Clear();");
    }

    /// <summary>The row of a plane.</summary>
    public static string Row(Layout layout)
        => $"plane * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)} + {Literals.Int(layout.Origin)}";

    /// <summary>
    /// Writes what finds the place of a window's maximum again, as PyTorch has it: the first of equal maxima, and of NaNs the last.
    /// Declares
    /// <c>open</c>, the lanes whose place has not been found; a NaN equals nothing, so that after all taps these are the lanes that have
    /// one.
    /// </summary>
    /// <param name="input">Layout of the pool's input, whose window begins at the variable <c>x</c>; its maximum is <c>largest</c>.</param>
    /// <param name="pointer">The variable that points to the same window in a value of layout <paramref name="pointed"/>.</param>
    /// <param name="emitHit">
    /// Writes what happens at an element, in the lanes that <c>hit</c> selects: takes its address, and whether the lanes are those that
    /// were left.
    /// </param>
    public static void EmitPlaces(
        SourceWriter writer, VectorIsa isa, PoolWindows pool, Layout input, string pointer, Layout pointed, Action<string, bool> emitHit)
    {
        writer.Line("// The first of equal maxima, as in PyTorch.");
        writer.Line($"{isa.Type} open = {isa.Static}<float>.AllBitsSet;");
        EmitTaps(writer, pool, "x", input, pointer, pointed, (x, address) =>
        {
            writer.Line($"{isa.Type} hit = {isa.Static}.Equals({isa.Load(x)}, largest) & open;");
            emitHit(address, false);
            writer.Line($"open = {isa.Static}.AndNot(open, hit);");
        });
        using (writer.Block($"if (open.AsInt32() != {isa.Static}<int>.Zero)"))
        {
            writer.Line("// The last of NaNs.");
            using (writer.Block(Backwards("tapRow", pool.Kernel.Height, "TapRow")))
            using (writer.Block(Backwards("tap", pool.Kernel.Width, "Tap")))
            {
                writer.Line($"{isa.Type} v = {isa.Load($"x + {pool.TapOffset(input)}")}, "
                    + $"hit = {isa.Static}.AndNot(open, {isa.Static}.Equals(v, v));");
                emitHit($"{pointer} + {pool.TapOffset(pointed)}", true);
                writer.Line($"open = {isa.Static}.AndNot(open, hit);");
            }
        }

        string Backwards(string variable, int taps, string range) => pool.IsUnrolled
            ? $"for (int {variable} = {Literals.Int(taps - 1)}; {variable} >= 0; {variable}--)"
            : $"for (int {variable} = end{range} - 1; {variable} >= first{range}; {variable}--)";
    }

    /// <summary>
    /// Writes the elements of a window, each in a scope of its own or in loops: takes their addresses in two values of the pool's input's
    /// shape.
    /// </summary>
    public static void EmitTaps(SourceWriter writer, PoolWindows pool, string first, Layout firstLayout, string second, Layout secondLayout,
        Action<string, string> emitTap)
    {
        if (!pool.IsUnrolled)
        {
            using (OpenTaps(writer))
                emitTap($"{first} + {pool.TapOffset(firstLayout)}", $"{second} + {pool.TapOffset(secondLayout)}");
            return;
        }
        foreach ((long offset, long secondOffset) in pool.Taps(firstLayout).Zip(pool.Taps(secondLayout), (a, b) => (a, b)))
        {
            using (writer.Block())
                emitTap(Literals.Plus(first, offset), Literals.Plus(second, secondOffset));
        }
    }
}
