using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Moves values between the caller's order and the kernels' layouts. The work is the runtime's; the shapes are written out here.
/// </summary>
internal static class Relayouts
{
    /// <summary>From the caller's samples, PyTorch's order without gaps.</summary>
    public static Kernel Load(string name, string summary, TensorShape shape, Layout layout)
        => layout.Kind switch
        {
            LayoutKind.Rows when layout is { IsDense: true, IsCallers: true } => new Kernel(name, summary, $"{layout}, as they are.",
                [Elements("source", shape.Elements), Elements("target", shape.Elements), Samples], (writer, _, _) => writer.Line(
                    $"Buffer.MemoryCopy(source, target, samples * {Literals.Int(shape.Size * 4L)}L, "
                    + $"samples * {Literals.Int(shape.Size * 4L)}L);")) { IsHot = false },
            LayoutKind.Rows when layout is { IsDense: true, IsCallers: false } && Elementwise.HasPadding(layout) => Loop(
                name, summary, layout, shape.Size, layout.SampleStride,
                $"Buffer.MemoryCopy(source, target, {Literals.Int(shape.Size * 4L)}, {Literals.Int(shape.Size * 4L)});\n"
                + $"new Span<float>(target + {Literals.Int(shape.Size)}, {Literals.Int(layout.Size - shape.Size)}).Clear();"),
            LayoutKind.Rows => Loop(name, summary, layout, shape.Size, layout.SampleStride,
                $"Buffer.MemoryCopy(source, target, {Literals.Int(shape.Size * 4L)}, {Literals.Int(shape.Size * 4L)});", elements: shape.Elements),
            LayoutKind.Samples
                => new Kernel(name, summary, $"To {layout}.", [Floats("source"), Floats("target"), Samples], (writer, _, _) =>
            {
                using (writer.Block($"for (; samples > 0; samples -= 16, source += {Literals.Int(16L * shape.Size)}, "
                    + $"target += {Literals.Int(layout.SampleStride)})"))
                    writer.Line($"Relayout.ImagesToLanes(source, Math.Min(16, samples), target, {Shape(layout)});");
            }) { IsHot = false },
            _ => Loop(name, summary, layout, shape.Size, layout.SampleStride,
                $"Relayout.{(IsPlain(layout) ? "ImageToPlain" : "ImageToBlocked")}(source, target, {Shape(layout)});", layout),
        };

    /// <summary>To the caller's samples.</summary>
    public static Kernel Store(string name, string summary, TensorShape shape, Layout layout)
        => layout.Kind switch
        {
            LayoutKind.Rows => Loop(name, summary, layout, layout.SampleStride, shape.Size,
                $"Buffer.MemoryCopy(source, target, {Literals.Int(shape.Size * 4L)}, {Literals.Int(shape.Size * 4L)});"),
            LayoutKind.Samples
                => LanesLoop(name, summary, $"From {layout}.", layout.SampleStride, 16L * shape.Size,
                    $"Relayout.LanesToImages(source, target, {Literals.Int(shape.Size)}, "
                    + $"Math.Min(16, samples), {Shape(layout)});"),
            _ => Loop(name, summary, layout, layout.SampleStride, shape.Size,
                $"Relayout.{(IsPlain(layout) ? "PlainToImage" : "BlockedToImage")}(source, target, {Shape(layout)});"),
        };

    /// <summary>
    /// From an image in the kernels' layout to rows of features: in blocks of 16 channels where they divide, else in PyTorch's order.
    /// </summary>
    public static Kernel Flatten(string name, string summary, Layout image, Layout rows, bool blockedRows)
        => image.Kind == LayoutKind.Samples
            ? LanesLoop(name, summary, $"From {image} to {rows}.", image.SampleStride, 16L * rows.SampleStride,
                $"Relayout.{(blockedRows ? "LanesToBlockedRows" : "LanesToImages")}(source, "
                + $"target, {Literals.Int(rows.SampleStride)}, Math.Min(16, samples), {Shape(image)});")
            : Loop(name, summary, image, image.SampleStride, rows.SampleStride,
                IsPlain(image)
                    ? $"Relayout.PlainToImage(source, target, {Shape(image)});"
                    : $"Relayout.{(blockedRows ? "BlockedToBlockedRow" : "BlockedToImage")}(source, target, {Shape(image)});");

    /// <summary>The way back of <see cref="Flatten"/>, for gradients.</summary>
    public static Kernel Unflatten(string name, string summary, Layout rows, Layout image, bool blockedRows)
        => image.Kind == LayoutKind.Samples
            ? LanesLoop(name, summary, $"From {rows} to {image}.", 16L * rows.SampleStride, image.SampleStride,
                $"Relayout.{(blockedRows ? "BlockedRowsToLanes" : "RowsToLanes")}(source, "
                + $"{Literals.Int(rows.SampleStride)}, Math.Min(16, samples), target, {Shape(image)});")
            : Loop(name, summary, image, rows.SampleStride, image.SampleStride,
                IsPlain(image)
                    ? $"Relayout.ImageToPlain(source, target, {Shape(image)});"
                    : $"Relayout.{(blockedRows ? "BlockedRowToBlocked" : "ImageToBlocked")}(source, target, {Shape(image)});", image);

    /// <summary>From one layout of an image to another, by way of the caller's order.</summary>
    public static Kernel Between(string name, string summary, TensorShape shape, Layout from, Layout to)
    {
        int step = StepOf(from, to);
        KernelParameter[] parameters = [Floats("source"), Floats("target"), Floats("scratch"), Samples];
        return new Kernel(name, summary, $"From {from} to {to}.", parameters, (writer, _, _) =>
        {
            string advance = $"source += {Literals.Int((long)step / from.SamplesPerStride * from.SampleStride)}, "
                + $"target += {Literals.Int((long)step / to.SamplesPerStride * to.SampleStride)}";
            using (writer.Block($"for (; samples > 0; samples -= {Literals.Int(step)}, {advance})"))
            {
                string count = $"Math.Min({Literals.Int(step)}, samples)";
                if (from.Kind == LayoutKind.Samples)
                    writer.Line($"Relayout.LanesToImages(source, scratch, {Literals.Int(shape.Size)}, {count}, {Shape(from)});");
                else
                    Each($"Relayout.{(IsPlain(from) ? "PlainToImage" : "BlockedToImage")}", "source", "scratch",
                        from.SampleStride, shape.Size, from);
                if (to.Kind == LayoutKind.Samples)
                    writer.Line($"Relayout.ImagesToLanes(scratch, {count}, target, {Shape(to)});");
                else
                    Each($"Relayout.{(IsPlain(to) ? "ImageToPlain" : "ImageToBlocked")}", "scratch", "target",
                        shape.Size, to.SampleStride, to);
                if (to.Kind == LayoutKind.Positions)
                    Elementwise.EmitClearFeatures(writer, to, "target");

                void Each(string method, string read, string written, int readStride, int writtenStride, Layout layout)
                {
                    if (step == 1)
                    {
                        writer.Line($"{method}({read}, {written}, {Shape(layout)});");
                        return;
                    }
                    writer.Line($"for (int n = 0; n < {count}; n++)");
                    using (writer.Indent())
                        writer.Line($"{method}({read} + n * {Literals.Int(readStride)}, "
                            + $"{written} + n * {Literals.Int(writtenStride)}, {Shape(layout)});");
                }
            }
        }) { IsHot = false, TakesAllSamples = true };
    }

    /// <summary>Floats of working memory that <see cref="Between"/> needs.</summary>
    public static long ScratchLength(TensorShape shape, Layout from, Layout to) => (long)StepOf(from, to) * shape.Size;

    /// <summary>Samples that move at a time.</summary>
    private static int StepOf(Layout from, Layout to) => Math.Max(from.SamplesPerStride, to.SamplesPerStride);

    /// <summary>Draws dropout's factors: 0 or 1 / (1 − p), a function of seed, step, sample and element alone.</summary>
    public static Kernel DrawScales(string name, string summary, Layout scales, float probability)
    {
        string p = Literals.Float(probability);
        KernelParameter[] parameters =
        [
            Floats("scales"), ULong("seed"), UInt("step"), UInt("firstSample"), Int("stream"),
            scales.HasLengths ? LengthKernels.Length : Samples,
        ];
        if (scales.HasLengths)
        {
            return new Kernel(name, summary, "Philox4x32-10, one counter for four elements of a sample.", parameters, (writer, _, _) =>
                writer.Line($"Philox.DropoutScales(scales, length * {Literals.Int(scales.PositionStride)}, {p}, seed, firstSample, step, "
                    + "(uint)stream);")) { IsHot = false };
        }
        if (scales.Kind == LayoutKind.Samples)
        {
            return new Kernel(name, summary, "Philox4x32-10, one counter for four elements of a sample.", parameters, (writer, _, _) =>
            {
                using (writer.Block($"for (; samples > 0; samples -= 16, firstSample += 16, "
                    + $"scales += {Literals.Int(scales.SampleStride)})"))
                    writer.Line($"Relayout.DropoutScalesInLanes(scales, {Literals.Int(scales.Planes * scales.PlaneStride / 16)}, "
                        + $"{p}, seed, firstSample, step, (uint)stream);");
            }) { IsHot = false };
        }
        int count = scales.Kind == LayoutKind.Rows ? scales.Channels : scales.Planes * scales.PlaneStride;
        return new Kernel(name, summary, "Philox4x32-10, one counter for four elements of a sample.", parameters, (writer, _, _) =>
        {
            using (writer.Block($"for (int n = 0; n < samples; n++, scales += {Literals.Int(scales.SampleStride)})"))
                writer.Line($"Philox.DropoutScales(scales, {Literals.Int(count)}, {p}, seed, firstSample + (uint)n, step, (uint)stream);");
        }) { IsHot = false };
    }

    /// <summary>Rows, some columns of which may stand for nothing.</summary>
    private static bool IsPlain(Layout layout) => layout.Kind is LayoutKind.Plain or LayoutKind.Positions;

    /// <param name="target">Where the statement leaves out what pads features, which is cleared then.</param>
    private static Kernel Loop(string name, string summary, Layout layout, long sourceStride, long targetStride, string statement,
        Layout? target = null, ElementType elements = ElementType.Float)
        => new(name, summary, $"{layout}.", [Elements("source", elements), Elements("target", elements), Samples], (writer, _, _) =>
        {
            using (writer.Block($"for (int n = 0; n < samples; n++, source += {Literals.Int(sourceStride)}, "
                + $"target += {Literals.Int(targetStride)})"))
            {
                writer.Line(statement);
                if (target?.Kind == LayoutKind.Positions)
                    Elementwise.EmitClearFeatures(writer, target, "target");
            }
        }) { IsHot = false };

    /// <summary>The same for 16 samples at a time, which share a vector.</summary>
    private static Kernel LanesLoop(string name, string summary, string description, long sourceStride, long targetStride,
        string statement)
        => new(name, summary, description, [Floats("source"), Floats("target"), Samples], (writer, _, _) =>
        {
            using (writer.Block($"for (; samples > 0; samples -= 16, source += {Literals.Int(sourceStride)}, "
                + $"target += {Literals.Int(targetStride)})"))
                writer.Line(statement);
        }) { IsHot = false };

    /// <summary>
    /// Channels, height, width, row stride, plane stride, origin: the arguments that describe an image's layout to the runtime.
    /// </summary>
    private static string Shape(Layout layout)
        => string.Join(", ", new[] { layout.Channels, layout.Height, layout.Width,
            layout.RowStride, layout.PlaneStride, layout.Origin }.Select(n => Literals.Int(n)));
}
