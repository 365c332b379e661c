using System.Numerics;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Cpu.Ops;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// A convolution's weights and window, and the correlations that its passes consist of, with strides read off the packed weights. A
/// transposed convolution is the same with its passes exchanged: forward it is the input's gradient, and so on.
/// </summary>
/// <param name="weight">PyTorch's tensor [out, in / groups, rows, columns]; of a sequence [out, in / groups, taps].</param>
internal sealed class Convolution(ParameterInfo weight, ConvolutionWindow window, int groups)
{
    private const int Block = Layout.Block, Square = Block * Block;

    private long _inBlockStride, _inStride, _rowStride, _columnStride, _outBlockStride;

    public ParameterInfo Weight { get; } = weight;

    public ConvolutionWindow Window { get; } = window;

    public int Groups { get; } = groups;

    /// <summary>Input channels of one group.</summary>
    public int InChannels => Weight.Shape[1];

    /// <summary>Output channels of one group.</summary>
    public int OutChannels => Weight.Shape[0] / Groups;

    /// <summary>
    /// Every channel by itself; convolutions with several outputs for each input are brought to this form by repeating their inputs.
    /// </summary>
    public bool IsDepthwise => Groups > 1 && InChannels == 1 && OutChannels == 1;

    /// <summary>Multiply-adds at one output pixel, and as many as they are with lanes that no channel fills.</summary>
    public (double Real, double Padded) PixelWork => IsDepthwise
        ? ((double)Groups * Taps, (double)Layout.RoundUp(Groups) * Taps)
        : ((double)Groups * InChannels * Taps * OutChannels, (double)Groups * InChannels * Taps * Layout.RoundUp(OutChannels));

    /// <summary><see cref="PixelWork"/> of the input's gradient, whose lanes are the input channels, at one output pixel.</summary>
    public (double Real, double Padded) TransposedPixelWork => IsDepthwise
        ? PixelWork
        : ((double)Groups * InChannels * Taps * OutChannels, (double)Groups * Layout.RoundUp(InChannels) * Taps * OutChannels);

    private int Taps => Window.Kernel.Area;

    /// <summary>Groups that run one after the other; a depthwise convolution's kernel does all channels.</summary>
    private int Repetitions => IsDepthwise ? 1 : Groups;

    /// <summary>Floats of the transposed weights of all groups.</summary>
    public long TransposedLength => Groups * GroupTransposedLength;

    private long GroupTransposedLength => (long)Layout.RoundUp(OutChannels) * Layout.RoundUp(InChannels) * Taps;

    /// <summary>
    /// Packs the weights as [group][out / 16][in / 16][row][column][16 in][16 out], or, for an input in the caller's order, as
    /// [group][out / 16][in][row][column][16 out]; those of a depthwise convolution as [channel / 16][row][column][16].
    /// </summary>
    public PackedTensor Pack(bool plain)
    {
        if (IsDepthwise)
        {
            int depthwise = CheckLength(((long)Groups + Block - 1) / Block * Block, 1), stride = Taps * Block;
            PackedDimension[] taps =
            [
                new PackedDimension(Groups, Block, stride, 1),
                new PackedDimension(1, 1, 0, 0),
                new PackedDimension(Window.Kernel.Height, 1, Window.Kernel.Width * Block, 0),
                new PackedDimension(Window.Kernel.Width, 1, Block, 0),
            ];
            return new PackedTensor(taps.ToEquatableArray(), depthwise);
        }
        long outputs = ((long)OutChannels + Block - 1) / Block * Block, inputs = plain
            ? InChannels : ((long)InChannels + Block - 1) / Block * Block;
        int length = CheckLength(Groups * outputs, inputs);
        int innerChannels = plain ? 1 : Block, blockStride = (int)inputs * Taps * Block, groupStride = (int)outputs / Block * blockStride;
        var dimensions = new List<PackedDimension>();
        if (Groups > 1)
            dimensions.Add(new PackedDimension(Groups, 1, groupStride, 0));
        dimensions.Add(new PackedDimension(OutChannels, Block, blockStride, 1));
        dimensions.Add(plain
            ? new PackedDimension(InChannels, 1, Taps * Block, 0) : new PackedDimension(InChannels, Block, Taps * Square, Block));
        dimensions.Add(new PackedDimension(Window.Kernel.Height, 1, Window.Kernel.Width * innerChannels * Block, 0));
        dimensions.Add(new PackedDimension(Window.Kernel.Width, 1, innerChannels * Block, 0));
        return new PackedTensor(dimensions.ToEquatableArray(), length);
    }

    private int CheckLength(long outputs, long inputs)
        => SizeLimitException.CheckParameter(
            Weight, $"{MessageText.Number(outputs)} × {MessageText.Number(inputs)} × {MessageText.Number(Window.Kernel.Height)} "
            + $"× {MessageText.Number(Window.Kernel.Width)}", (BigInteger)outputs * inputs * Taps);

    /// <summary>Output from input, for one group (for all channels of a depthwise convolution).</summary>
    public ConvolutionGeometry Forward(Layout source, Layout target)
    {
        ReadStrides();
        return new ConvolutionGeometry
        {
            Source = source,
            Target = target,
            SourceChannels = InChannels,
            TargetChannels = IsDepthwise ? Groups : OutChannels,
            Taps = Window.Kernel,
            Stride = Window.Stride,
            Dilation = Window.Dilation,
            Top = Window.Top,
            Left = Window.Left,
            Pixels = new Pair(target.Height, target.Width),
            SourceChannelStride = new ChannelStride(_inBlockStride, _inStride),
            TargetChannelStride = new ChannelStride(_outBlockStride, 1),
            TapRowStride = _rowStride,
            TapColumnStride = _columnStride,
        };
    }

    /// <summary>
    /// The input's gradient from the output's, for one group: a correlation for each phase, or for each shape that phases have where
    /// there are many of them. For channel lanes the weights start at the offset of the phase in the transposed copy.
    /// </summary>
    private IEnumerable<ConvolutionGeometry> InputGradient(Layout source, Layout target)
    {
        ReadStrides();
        StridePhases rows = RowPhases(target.Height), columns = ColumnPhases(target.Width);
        if (SharesPhases(target))
            return SharedPhases(source, target, rows, columns);
        return from row in Enumerable.Range(0, rows.Count).Select(start => rows[start])
               from column in Enumerable.Range(0, columns.Count).Select(start => columns[start])
               select PhaseGeometry(source, target, new Pair(row.Taps, column.Taps), new Pair(row.Count, column.Count),
                   new Pair(row.Before, column.Before), (row, column));
    }

    /// <summary>
    /// One geometry for all phases with the same taps and number of columns; where no tap meets them, with the same number of columns.
    /// </summary>
    private IEnumerable<ConvolutionGeometry> SharedPhases(Layout source, Layout target, StridePhases rows, StridePhases columns)
    {
        IReadOnlyList<PhaseGroup> rowGroups = PhaseGroup.Of(rows), columnGroups = PhaseGroup.Of(columns);
        int mostRows = rowGroups.Max(group => group.Count);
        foreach (IGrouping<int, PhaseGroup> row in rowGroups.Where(group => group.Taps > 0).GroupBy(group => group.Taps))
        {
            bool clips =
                row.Any(group => group.MaxBefore > 0
                || group.Count - 1L - group.MinBefore + (group.Taps - 1L) * rows.Dilation + 1 > source.Height);
            foreach (PhaseGroup column in columnGroups.Where(group => group.Taps > 0))
            {
                var before = new Pair(row.Max(group => group.MaxBefore), column.MaxBefore);
                yield return PhaseGeometry(source, target, new Pair(row.Key, column.Taps), new Pair(mostRows, column.Count), before,
                    phase: null, clips);
            }
        }
        // Columns without taps leave rows of any kind without a sum; rows without taps, columns of any kind.
        bool emptyRows = rowGroups.Any(group => group.Taps == 0);
        foreach (int count in columnGroups.Where(group => emptyRows || group.Taps == 0).Select(group => group.Count).Distinct())
            yield return PhaseGeometry(source, target, new Pair(0, 0), new Pair(mostRows, count), new Pair(0, 0), phase: null,
                clipsRows: false);
    }

    /// <param name="phase">The one that it is; null where several share it.</param>
    private ConvolutionGeometry PhaseGeometry(Layout source, Layout target, Pair taps, Pair pixels, Pair before,
        (StridePhase Row, StridePhase Column)? phase, bool clipsRows = false)
    {
        int outBlocks = Layout.RoundUp(OutChannels) / Block;
        bool inPlace = !IsTransposed(source);
        StridePhases rows = RowPhases(target.Height), columns = ColumnPhases(target.Width);
        // The weights are read where they lie, last tap first, or from a transposed copy.
        return new ConvolutionGeometry
        {
            Source = source,
            Target = target,
            SourceChannels = OutChannels,
            TargetChannels = IsDepthwise ? Groups : InChannels,
            Taps = taps,
            Stride = Pair.Both(1),
            Dilation = new Pair(rows.Dilation, columns.Dilation),
            Top = before.Height,
            Left = before.Width,
            Pixels = pixels,
            TargetStart = phase is { } its ? new Pair(its.Row.Start, its.Column.Start) : new Pair(0, 0),
            TargetStep = Window.Stride,
            SourceChannelStride = inPlace ? new ChannelStride(_outBlockStride, 1) : new ChannelStride((long)taps.Area * Square, Block),
            TargetChannelStride = IsDepthwise
                ? new ChannelStride(_outBlockStride, 1) : inPlace
                ? new ChannelStride(_inBlockStride, _inStride) : new ChannelStride((long)outBlocks * taps.Area * Square, 1),
            TapRowStride = inPlace ? -rows.TapStep * _rowStride : (long)taps.Width * Square,
            TapColumnStride = inPlace ? -columns.TapStep * _columnStride : Square,
            WeightStart = phase is not { } own
                ? 0 : inPlace ? own.Row.LastTap * _rowStride + own.Column.LastTap * _columnStride : TransposedStart(own.Row, own.Column),
            IsShared = phase is null,
            SharedClipsRows = clipsRows,
        };
    }

    /// <summary>So many phases that they share the kernels of their shapes.</summary>
    private bool SharesPhases(Layout target)
        => (long)RowPhases(target.Height).Count * ColumnPhases(target.Width).Count > PhasedConvolution.MaxOwnKernels;

    /// <summary>Where a phase's transposed weights begin.</summary>
    private long TransposedStart(StridePhase row, StridePhase column)
        => ((long)row.TapsBefore * Window.Kernel.Width + (long)row.Taps * column.TapsBefore) * TransposedTapLength;

    /// <summary>Floats of one tap's weights, transposed.</summary>
    private long TransposedTapLength => (long)Layout.RoundUp(OutChannels) * Layout.RoundUp(InChannels);

    /// <summary>Zero columns that <see cref="Forward"/> needs around the input.</summary>
    public (int Left, int Right) ForwardHalo(int inputWidth, int outputWidth)
        => ConvolutionGeometry.HaloOf(inputWidth, Window.Kernel.Width, Window.Stride.Width, Window.Left, outputWidth,
            Window.Dilation.Width);

    /// <summary>The input's gradient where it is one correlation at Winograd's points; null where it runs otherwise.</summary>
    public ConvolutionGeometry? WinogradInputGradient(Layout source, Layout target, Activation? activation = null)
        => Groups == 1 && Window.Stride == Pair.Both(1) && InputGradient(source, target).Single() is { } geometry
            && Winograd.Applies(geometry, activation) ? geometry : null;

    /// <summary>Lists what a node that computes <see cref="InputGradient"/> from its input derives from the weights.</summary>
    /// <param name="normalization">A batch normalisation of the result that is folded into the weights; null for none.</param>
    /// <param name="bias">The bias that goes with it.</param>
    public void PrepareInputGradient(PreparedWeights prepared, Node node, ConvolutionGeometry? winograd,
        BatchNormTensors? normalization = null, ParameterInfo? bias = null)
    {
        if (!IsTransposed(node.Input.Layout))
        {
            if (normalization is not null && IsDepthwise)
                FoldedWeights.Prepare(prepared, node, normalization, Weight, bias);
            else if (normalization is not null)
                FoldedWeights.PrepareRows(prepared, node, normalization, Weight, bias, Taps);
            return;
        }
        long offset = prepared.Reserve(node, PreparedForm.Transposed, TransposedLength);
        PrepareTransposed(prepared, node, offset, normalization, bias);
        if (winograd is not null)
        {
            // The same worker has just transposed these blocks.
            long points = prepared.Reserve(node, PreparedForm.Winograd, Winograd.WeightLength(winograd));
            prepared.Add(node,
                Winograd.Weights(node.Cpu.Stem + "TransposedWeights", $"{node.Cpu.Heading}: the transposed weights at Winograd's points.",
                winograd),
                new PreparedArgument(offset), new PreparedArgument(points));
        }
    }

    /// <summary>Lists what makes the transposed copies of all phases, and what folds a normalisation into them.</summary>
    private void PrepareTransposed(PreparedWeights prepared, Node node, long offset, BatchNormTensors? normalization, ParameterInfo? bias)
    {
        Layout target = node.Output!.Layout;
        if (SharesPhases(target))
        {
            ReadStrides();
            PhasesArgument rows = new(RowPhases(target.Height)), columns = new(ColumnPhases(target.Width));
            prepared.Add(node, TransposedPhases(rows, columns, offset));
            if (normalization is not null)
                FoldedWeights.PreparePhases(prepared, node, normalization, bias, offset, Layout.RoundUp(OutChannels), rows, columns);
            return;
        }
        List<ConvolutionGeometry> phases = InputGradient(node.Input.Layout, target).Where(phase => phase.Taps.Area > 0).ToList();
        foreach (ConvolutionGeometry phase in phases)
            prepared.Add(node, Transposition(phase, target, offset));
        if (normalization is not null)
        {
            // Where the output lies in the padding only, there are no weights to scale, but still a bias.
            FoldedWeights.PrepareInPlace(prepared, node, normalization, bias,
                phases.Select(phase => (offset + phase.WeightStart, phase.TargetChannelStride.BlockStride)).DefaultIfEmpty((offset, 0)));
        }
    }

    /// <summary>Zero columns that <see cref="InputGradient"/> needs around the output's gradient.</summary>
    public (int Left, int Right) InputGradientHalo(int outputWidth, int inputWidth)
    {
        int left = 0, right = 0;
        StridePhases phases = ColumnPhases(inputWidth);
        foreach (PhaseGroup group in PhaseGroup.Of(phases))
        {
            left = Math.Max(left,
                ConvolutionGeometry.HaloOf(outputWidth, group.Taps, 1, group.MaxBefore, group.Count, phases.Dilation).Left);
            right =
                Math.Max(right,
                ConvolutionGeometry.HaloOf(outputWidth, group.Taps, 1, group.MinBefore, group.Count, phases.Dilation).Right);
        }
        return (left, right);
    }

    /// <summary>
    /// Channel lanes read the weights with inputs and outputs exchanged for the input's gradient; sample lanes and depthwise convolutions
    /// read them where they lie.
    /// </summary>
    /// <param name="source">Layout of the output's gradient.</param>
    public bool IsTransposed(Layout source) => source.Kind != LayoutKind.Samples && !IsDepthwise;

    /// <summary>The kernel that gives the output.</summary>
    public Kernel ForwardKernel(string name, string summary, Layout source, Layout target, ConvolutionEpilogue epilogue)
        => Over(name, summary, Forward(source, target), epilogue, InChannels, OutChannels, Weight.Packed.Length / Groups);

    /// <summary>The kernels that give the input's gradient: one for each of few phases of the stride, or one for all of them.</summary>
    public IEnumerable<Kernel> InputGradientKernels(string name, string summary, Layout source, Layout target, ConvolutionEpilogue epilogue)
    {
        List<ConvolutionGeometry> phases = InputGradient(source, target).ToList();
        if (SharesPhases(target))
        {
            StridePhases rows = RowPhases(target.Height), columns = ColumnPhases(target.Width);
            PhaseWeights weights = IsTransposed(source)
                ? new PhaseWeights.Transposed(Window.Kernel.Width, TransposedTapLength)
                : new PhaseWeights.InPlace(_rowStride, _columnStride);
            var shapes =
                phases.Select(shape =>
                new PhasedConvolution.Shape(shape,
                Over(ShapeName(shape), summary, shape, epilogue, OutChannels, InChannels, GradientWeightStride(source)))).ToList();
            return [PhasedConvolution.Create(name, summary, shapes, rows, columns, weights, epilogue)];
        }
        return phases.Select((phase, number) => phases.Count == 1
            ? Over(name, summary, phase, epilogue, OutChannels, InChannels, GradientWeightStride(source))
            : Over($"{name}Phase{Literals.Int(number)}", $"{summary} Phase "
                + $"({Literals.Int(phase.TargetStart.Height)}, {Literals.Int(phase.TargetStart.Width)}) of stride {Window.Stride}.",
                phase, epilogue, OutChannels, InChannels, GradientWeightStride(source)));

        string ShapeName(ConvolutionGeometry shape)
        {
            string taps = shape.Taps.Area == 0 ? "Empty" : $"{Literals.Int(shape.Taps.Height)}x{Literals.Int(shape.Taps.Width)}";
            return $"{name}Phases{taps}Of{Literals.Int(shape.Pixels.Width)}";
        }
    }

    /// <summary>Floats of the weights of one group, as the input's gradient reads them.</summary>
    private long GradientWeightStride(Layout source) => IsTransposed(source) ? GroupTransposedLength : Weight.Packed.Length / Groups;

    /// <summary>The kernel that gives the gradient of the weights from input and output's gradient.</summary>
    public Kernel WeightGradientKernel(string name, string summary, Layout input, Layout outputGradient)
    {
        ConvolutionGeometry geometry = Forward(input, outputGradient);
        if (IsDepthwise)
            return DepthwiseConvolution.WeightGradient(name, summary, geometry);
        if (Repetitions == 1)
            return ConvolutionWeightGradient.Create(name, summary, geometry);
        return GroupedConvolution.OverForParameters(Repetitions, ConvolutionWeightGradient.Create(name + "Group", summary, geometry), name,
            summary, new Dictionary<KernelParameter, long>
        {
            [ConvolutionParameters.Input] = ChannelOffset(input, InChannels),
            [ConvolutionParameters.OutputGradient] = ChannelOffset(outputGradient, OutChannels),
            [ConvolutionParameters.WeightGradient] = Weight.Packed.Length / Groups,
        });
    }

    private Kernel Over(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue, int sourceChannels,
        int targetChannels, long weightStride)
    {
        if (IsDepthwise)
            return DepthwiseConvolution.Create(name, summary, geometry, epilogue);
        string own = Repetitions == 1 ? name : name + "Group";
        Kernel kernel = geometry.Source.Kind == LayoutKind.Samples
            ? SampleConvolution.Create(own, summary, geometry, epilogue)
            : Repetitions == 1 && WidthConvolution.Applies(geometry, epilogue) ? WidthConvolution.Create(own, summary, geometry, epilogue)
            : ChannelConvolution.Create(own, summary, geometry, epilogue);
        if (Repetitions == 1)
            return kernel;
        var strides = new Dictionary<KernelParameter, long>
        {
            [ConvolutionParameters.Input] = ChannelOffset(geometry.Source, sourceChannels),
            [ConvolutionParameters.Weights] = weightStride,
            [ConvolutionParameters.Bias] = targetChannels,
            [ConvolutionParameters.Output] = ChannelOffset(geometry.Target, targetChannels),
        };
        if (epilogue.Other is { } other)
            strides.Add(epilogue.OtherParameter, ChannelOffset(other, targetChannels));
        return GroupedConvolution.Over(Repetitions, kernel, name, summary, strides);
    }

    /// <summary>Floats from one group of channels to the next. With channel lanes each group begins a block.</summary>
    private static long ChannelOffset(Layout layout, int channels)
        => (long)(layout.Kind == LayoutKind.Blocked ? Layout.RoundUp(channels) / Block : channels) * layout.PlaneStride;

    /// <summary>Makes one phase's transposed copy of the weights.</summary>
    private RuntimeCall Transposition(ConvolutionGeometry phase, Layout target, long offset)
    {
        ReadStrides();
        StridePhase row = RowPhases(target.Height)[phase.TargetStart.Height], column = ColumnPhases(target.Width)[phase.TargetStart.Width];
        // From the phase's last tap back to the first: the correlation runs over the taps in reverse.
        return ForGroups("Packing.TransposeConvolution", row.LastTap * _rowStride + column.LastTap * _columnStride,
            offset + phase.WeightStart,
            [new NumberArgument(row.Taps, "tapRows"), new NumberArgument(column.Taps, "tapColumns")],
            [
                new NumberArgument(-RowPhases(target.Height).TapStep * _rowStride, "tapRowStride"),
                new NumberArgument(-ColumnPhases(target.Width).TapStep * _columnStride, "tapColumnStride"),
            ]);
    }

    /// <summary>Makes the transposed copies of all phases.</summary>
    private RuntimeCall TransposedPhases(PhasesArgument rows, PhasesArgument columns, long offset)
        => ForGroups("Packing.TransposePhases", 0, offset, [rows, columns],
            [new NumberArgument(_rowStride, "rowStride"), new NumberArgument(_columnStride, "columnStride")]);

    private RuntimeCall ForGroups(string method, long weightStart, long offset, IEnumerable<Argument> taps,
        IEnumerable<Argument> tapStrides)
    {
        return new RuntimeCall(method,
        [
            OfGroup(new ElementArgument(Weight, weightStart), Weight.Packed.Length / Groups),
            OfGroup(new PreparedArgument(offset), GroupTransposedLength),
            new NumberArgument(InChannels, "inChannels"), new NumberArgument(OutChannels, "outChannels"), .. taps,
            new NumberArgument(_outBlockStride, "outBlockStride"), new NumberArgument(_inBlockStride, "inBlockStride"),
            new NumberArgument(_inStride, "inStride"),
            .. tapStrides,
        ])
        {
            Groups = Groups,
        };

        Argument OfGroup(Argument first, long stride) => Groups == 1 ? first : new GroupArgument(first, stride);
    }

    private StridePhases RowPhases(int height)
        => new(height, Window.Kernel.Height, Window.Stride.Height, Window.Top, Window.Dilation.Height);

    private StridePhases ColumnPhases(int width)
        => new(width, Window.Kernel.Width, Window.Stride.Width, Window.Left, Window.Dilation.Width);

    /// <summary>Strides of the packed weights.</summary>
    private void ReadStrides()
    {
        int first = Groups > 1 && !IsDepthwise ? 1 : 0;
        PackedDimension inputs = Weight.Packed.Dimensions[first + 1];
        _outBlockStride = Weight.Packed.Dimensions[first].OuterStride;
        _inBlockStride = inputs.Block == 1 ? (long)Block * inputs.OuterStride : inputs.OuterStride;
        _inStride = inputs.Block == 1 ? inputs.OuterStride : inputs.InnerStride;
        _rowStride = Weight.Packed.Dimensions[first + 2].OuterStride;
        _columnStride = Weight.Packed.Dimensions[first + 3].OuterStride;
    }
}
