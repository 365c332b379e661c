using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A value's channels as planes: vectors are images of one pixel.</summary>
/// <param name="Run">Floats of a row that lie side by side.</param>
internal readonly record struct PlaneShape(int Planes, int PlaneStride, int Rows, int RowStride, int Origin, int Run)
{
    /// <param name="flat">No value that is visited with it has a halo: then a plane is one run.</param>
    public static PlaneShape Of(Layout layout, bool flat)
    {
        if (layout.Kind == LayoutKind.Rows)
            return new PlaneShape(layout.Size / Layout.Block, Layout.Block, 1, 0, 0, Layout.Block);
        return flat
            ? new PlaneShape(layout.Planes, layout.PlaneStride, 1, 0, 0, layout.PlaneStride)
            : new PlaneShape(layout.Planes, layout.PlaneStride, layout.Height, layout.RowStride,
                layout.Origin, layout.Width * layout.PixelStride);
    }

    /// <summary>The address of the row in the variable <c>row</c>.</summary>
    public string RowAddress(string plane)
        => Rows == 1 ? Literals.Plus(plane, Origin) : Literals.Plus($"{plane} + row * {Literals.Int(RowStride)}", Origin);
}
