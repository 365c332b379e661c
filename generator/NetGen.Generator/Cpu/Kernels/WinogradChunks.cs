using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// What the directions of Winograd's convolution have in common: the loop over chunks of tiles, and their patches at the points.
/// </summary>
internal static class WinogradChunks
{
    /// <summary>Writes the loop over all tiles of all samples, a chunk at a time.</summary>
    public static SourceWriter.Scope EmitAll(SourceWriter writer, WinogradTiling tiling, int chunk)
    {
        EmitCount(writer, tiling);
        return Emit(writer, chunk, "0", "allTiles");
    }

    /// <summary>The same from a first tile to before the last.</summary>
    public static SourceWriter.Scope EmitRange(SourceWriter writer, WinogradTiling tiling, int chunk, string first, string end)
    {
        EmitCount(writer, tiling);
        writer.Line($"int endTile = {end};");
        return Emit(writer, chunk, first, "endTile");
    }

    private static void EmitCount(SourceWriter writer, WinogradTiling tiling)
        => writer.Line($"int allTiles = samples * {Literals.Int(tiling.OfSample)};");

    private static SourceWriter.Scope Emit(SourceWriter writer, int chunk, string first, string limit)
    {
        SourceWriter.Scope scope = writer.Block($"for (int firstTile = {first}; firstTile < {limit}; firstTile += {Literals.Int(chunk)})");
        writer.Line($"int tiles = Math.Min({Literals.Int(chunk)}, {limit} - firstTile);");
        return scope;
    }

    /// <summary>Declares sample and place of a tile of the chunk, and the first row and column of its outputs.</summary>
    /// <param name="row">What leads from there to the row that is wanted; likewise <paramref name="column"/>.</param>
    public static void EmitPlace(SourceWriter writer, WinogradTiling tiling, string row = "", string column = "")
    {
        string all = Literals.Int(tiling.OfSample), columns = Literals.Int(tiling.Columns);
        writer.Line($"int sample = (firstTile + tile) / {all}, place = (firstTile + tile) % {all};");
        writer.Line($"int row = place / {columns}{Steps(tiling.Down)}{row}, column = place % {columns}{Steps(tiling.Across)}{column};");

        static string Steps(WinogradAxis axis) => axis.Outputs == 1 ? "" : $" * {Literals.Int(axis.Outputs)}";
    }

    /// <summary>
    /// Rows and columns of a tile's outputs that lie inside the image: all of them, or an expression of the variables; of a kernel of one
    /// row, columns only.
    /// </summary>
    public static IEnumerable<string> Inside(WinogradTiling tiling, ConvolutionGeometry g)
    {
        if (!tiling.IsOfRows)
            yield return Of(tiling.Down, g.Pixels.Height, "row");
        yield return Of(tiling.Across, g.Pixels.Width, "column");

        static string Of(WinogradAxis axis, int pixels, string variable) => pixels % axis.Outputs == 0
            ? Literals.Int(axis.Outputs) : $"Math.Min({Literals.Int(axis.Outputs)}, {Literals.Int(pixels)} - {variable})";
    }

    /// <summary>
    /// Writes the loop that transforms the patches of a chunk; patches that leave the image go through a copy with zeros.
    /// </summary>
    /// <param name="transform">The method that transforms one.</param>
    /// <param name="place">Where the values of a block of a tile lie at the first point.</param>
    /// <param name="chunk">Tiles that there is room for.</param>
    public static void EmitPatches(SourceWriter writer, ConvolutionGeometry g,
        WinogradTiling tiling, string transform, string place, int chunk)
    {
        Layout layout = g.Source;
        string pointStride = Literals.Int((long)chunk * tiling.SourceLength), rowStride = Literals.Int(layout.RowStride);
        string patch = Literals.Int(Winograd.Patch), points = Literals.Int(tiling.Points);
        writer.Line($"// Patches of {Literals.Int(tiling.Down.Patch)} × {patch} pixels to their values at the {points} points.");
        using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
        {
            EmitPlace(writer, tiling, $" - {Literals.Int(g.Top)}", $" - {Literals.Int(g.Left)}");
            writer.Line($"bool inside = row >= 0 && row <= {Literals.Int(layout.Height - tiling.Down.Patch)} "
                + $"&& column >= {Literals.Int(-layout.Left)} && column <= {Literals.Int(layout.Width + layout.Right - Winograd.Patch)};");
            writer.Line($"float* image = input + sample * {Literals.Int(layout.SampleStride)}L + {Literals.Int(layout.Origin)};");
            using (writer.Block($"for (int block = 0; block < {Literals.Int(layout.Planes)}; block++)"))
            {
                writer.Line($"float* plane = image + block * {Literals.Int(layout.PlaneStride)}, result = patches + {place};");
                writer.Line("if (inside)");
                using (writer.Indent())
                    writer.Line($"{transform}(plane + row * {rowStride} + column * 16{Distance(rowStride)}, result, {pointStride});");
                using (writer.Block("else"))
                {
                    writer.Line($"Relayout.CopyPatch{(tiling.IsOfRows ? "Row" : "")}(plane, border, row, column, "
                        + $"{Literals.Int(layout.Height)}, {Literals.Int(layout.Width)}, {rowStride});");
                    writer.Line($"{transform}(border{Distance(Literals.Int(Winograd.Patch * Layout.Block))}, result, {pointStride});");
                }
            }
        }

        // A patch of one row has no next one.
        string Distance(string stride) => tiling.IsOfRows ? "" : $", {stride}";
    }

    /// <summary>Declares the buffers of a chunk, and that for a patch that leaves the image.</summary>
    /// <param name="second">The name of what lies behind the patches.</param>
    public static void EmitBuffers(SourceWriter writer, WinogradTiling tiling, int chunk, string second)
    {
        writer.Line($"float* patches = scratch, {second} = scratch + {Literals.Int((long)tiling.Points * chunk * tiling.SourceLength)};");
        writer.Line($"float* border = stackalloc float[{Literals.Int(tiling.Points * Layout.Block)}];");
    }
}
