using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Copies elements to other places (<see cref="MoveOp"/>), between vectors or between values of several dimensions. Whole pixels move
/// where channels are not in the lanes, or where blocks of what has the lanes go to lanes; where channels in the lanes change places, they
/// move one by one.
/// </summary>
internal static class Movement
{
    /// <param name="rest">What becomes of the output where nothing arrives.</param>
    public static Kernel Create(string name, string summary, MoveOp op, Layout input, Layout output, MoveRest rest = MoveRest.Clear)
    {
        string layouts = Elementwise.Describe([("input", input)], output);
        return new Kernel(name, summary, layouts, [Floats("input"), Floats("output"), CountOf(output)], (writer, isa, _) =>
        {
            string advance = Elementwise.Advance([("input", input), ("output", output)]);
            using (writer.Block($"for (int n = 0; n < {Elementwise.CountName(output)}; n++, {advance})"))
                new Writer(writer, isa, op, input, output, rest).Emit();
        });
    }

    /// <summary>Writes the movement of one sample, or of 16 side by side.</summary>
    private sealed class Writer(SourceWriter writer, VectorIsa isa, MoveOp op, Layout input, Layout output, MoveRest rest)
    {
        /// <summary>Elements of a dimension lie in blocks of 16, in the input as in the output.</summary>
        private readonly bool _isBlocked = output.Kind is LayoutKind.Blocked or LayoutKind.Positions;

        /// <summary>Addresses are sums of steps, for neither side has channels in blocks with others between.</summary>
        private readonly bool _isLinear = input.Kind != LayoutKind.Blocked && output.Kind != LayoutKind.Blocked;

        /// <summary>The dimension of the input that has the lanes, if one has.</summary>
        private readonly int _fromLanes = LaneDimensionOf(input, op.FromStart.Count), _toLanes = LaneDimensionOf(output, op.ToStart.Count);

        /// <summary>Something arrives at every element.</summary>
        private bool IsCovered => op.Elements == (long)output.Channels * output.Height * output.Width;

        public void Emit()
        {
            if (rest == MoveRest.Clear && !IsCovered)
                EmitClear();
            int channels = _isBlocked && (!_isLinear || BringsPadding) ? EmitBlocks() : 0;
            if (_isLinear && channels == 0)
                EmitWhole(op.Loops, output.PixelStride);
            else if (channels < ChannelCount)
                EmitChannels(channels);
            // A cleared output has its padding cleared.
            bool clearsPadding = rest == MoveRest.ClearPadding || (rest == MoveRest.Clear && IsCovered);
            if (clearsPadding && !BringsPadding)
                Elementwise.EmitClearPadding(writer, output);
        }

        /// <summary>The one loop over channels, where they keep their order; null where they do not.</summary>
        private MoveLoop? Channels
        {
            get
            {
                MoveLoop[] loops = [.. op.Loops.Where(IsOfChannels)];
                return loops.Length == 1 && loops[0] is { FromStep: 1, ToStep: 1 } only && only.From == _fromLanes && only.To == _toLanes
                    ? only : null;
            }
        }

        private bool KeepsOneChannel => !op.Loops.Any(IsOfChannels) && LaneExtent(input) == 1 && LaneExtent(output) == 1;

        /// <summary>All channels move in their blocks, and what pads the last of them with them.</summary>
        private bool BringsPadding => _isBlocked && !input.IsCallers && (Channels is not null || KeepsOneChannel)
            && LaneExtent(input) == LaneExtent(output) && ChannelCount == LaneExtent(output);

        /// <summary>Channels that move as such: all, where there is but one.</summary>
        private int ChannelCount => Channels?.Extent ?? 1;

        private bool IsOfChannels(MoveLoop loop) => loop.From == _fromLanes || loop.To == _toLanes;

        private static int LaneDimensionOf(Layout layout, int rank) => layout.Kind == LayoutKind.Positions ? rank - 1 : 0;

        private static int LaneExtent(Layout layout) => layout.Kind == LayoutKind.Positions ? layout.Width : layout.Channels;

        /// <summary>Floats from 16 elements in the lanes to the next 16.</summary>
        private static int BlockStride(Layout layout) => layout.Kind == LayoutKind.Positions ? Layout.Block : layout.PlaneStride;

        /// <summary>Copies the blocks of channels that move as they are.</summary>
        /// <returns>Channels that are done.</returns>
        private int EmitBlocks()
        {
            bool areAligned = op.FromStart[_fromLanes] % Layout.Block == 0 && op.ToStart[_toLanes] % Layout.Block == 0;
            if (!areAligned || (Channels is null && !KeepsOneChannel))
                return 0;
            // The last block goes as a whole where the output is nobody else's: what else it brings is cleared, or is zero.
            bool takesPart = rest == MoveRest.Clear || BringsPadding;
            int planes = takesPart ? Layout.RoundUp(ChannelCount) / Layout.Block : ChannelCount / Layout.Block;
            if (planes == 0)
                return 0;
            int done = Math.Min(ChannelCount, planes * Layout.Block);
            var nest = new MoveNest(op.Loops.Where(loop => !IsOfChannels(loop)).Select(Axis)
                .Append(new MoveAxis(planes, BlockStride(input), BlockStride(output))), Layout.Block);
            using var scope = new BlockStack(writer);
            // The channels behind have pointers of the same names.
            if (done < ChannelCount && nest.HasPointersInFront)
                scope.Open();
            Emit(nest);
            return done;
        }

        /// <summary>Copies single channels, from a first on.</summary>
        private void EmitChannels(int first)
        {
            using var loops = new BlockStack(writer);
            // Channels of the output lie side by side: they come innermost.
            MoveLoop[] channels =
                [.. op.Loops.Where(IsOfChannels).OrderBy(loop => loop.To == _toLanes).ThenByDescending(loop => loop.ToStep)];
            string[] variables = [.. channels.Select((_, i) => channels.Length == 1 ? "channel" : $"channel{Literals.Int(i)}")];
            for (int i = 0; i < channels.Length; i++)
            {
                loops.Open($"for (int {variables[i]} = {Literals.Int(first)}; {variables[i]} < {Literals.Int(channels[i].Extent)}; "
                    + $"{variables[i]}++)");
            }
            string from = Address("input", input, op.FromStart, loop => (loop.From, loop.FromStep), "from");
            string to = Address("output", output, op.ToStart, loop => (loop.To, loop.ToStep), "to");
            Nest(op.Loops.Where(loop => !IsOfChannels(loop)), 1).Emit(writer, isa, from, to);

            string Address(
                string pointer, Layout layout, IReadOnlyList<int> start, Func<MoveLoop, (int Dimension, int Step)> end, string channel)
            {
                string sum = "", others = "";
                bool areBlocked = layout.Kind == LayoutKind.Blocked;
                for (int i = 0; i < channels.Length; i++)
                {
                    (int dimension, int step) = end(channels[i]);
                    bool isBlocked = areBlocked && dimension == 0;
                    long stride = isBlocked ? step : (long)step * Stride(layout, start.Count, dimension);
                    string term = stride == 1 ? variables[i] : $"{variables[i]} * {Literals.Int(stride)}";
                    if (!isBlocked)
                        others += $" + {term}";
                    else
                        sum += sum.Length == 0 ? term : $" + {term}";
                }
                long constant = layout.Origin;
                for (int i = areBlocked ? 1 : 0; i < start.Count; i++)
                    constant += (long)start[i] * Stride(layout, start.Count, i);
                if (sum.Length == 0)
                {
                    if (areBlocked)
                        constant += start[0] / Layout.Block * (long)layout.PlaneStride + start[0] % Layout.Block;
                    return Literals.Plus(pointer, constant) + others;
                }
                writer.Line($"int {channel} = {Literals.Plus(sum, start[0])};");
                string address = $"{pointer} + ({channel} >> 4) * {Literals.Int(layout.PlaneStride)} + ({channel} & 15)";
                return Literals.Plus(address, constant) + others;
            }
        }

        private void EmitWhole(IEnumerable<MoveLoop> loops, int run) => Emit(Nest(loops, run));

        private void Emit(MoveNest nest)
            => nest.Emit(writer, isa, Start("input", input, op.FromStart), Start("output", output, op.ToStart));

        private MoveNest Nest(IEnumerable<MoveLoop> loops, int run) => new(loops.Select(Axis), run);

        private MoveAxis Axis(MoveLoop loop) => new(loop.Extent, loop.FromStep * Stride(input, op.FromStart.Count, loop.From),
            loop.ToStep * Stride(output, op.ToStart.Count, loop.To));

        /// <summary>Address of the first element; with channels in the lanes, it begins a block.</summary>
        private static string Start(string pointer, Layout layout, IReadOnlyList<int> start)
        {
            long offset = layout.Origin;
            for (int i = 0; i < start.Count; i++)
            {
                int steps = i == 0 && layout.Kind == LayoutKind.Blocked ? start[0] / Layout.Block : start[i];
                offset += (long)steps * Stride(layout, start.Count, i);
            }
            return Literals.Plus(pointer, offset);
        }

        /// <summary>Floats from one element of a dimension to the next; of the first, from plane to plane.</summary>
        private static int Stride(Layout layout, int rank, int dimension)
            => layout.Kind == LayoutKind.Rows ? 1 : dimension == 0 ? layout.PlaneStride
            : dimension == rank - 1 ? layout.PixelStride : layout.RowStride;

        private void EmitClear()
        {
            if (!output.HasHalo)
            {
                int length = output.Kind == LayoutKind.Rows ? output.Size : output.Planes * output.PlaneStride;
                writer.Line($"new Span<float>(output, {Literals.Int(length)}).Clear();");
                return;
            }
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Planes * output.Height)}; row++)"))
            {
                string start = Literals.Plus($"output + row * {Literals.Int(output.RowStride)}", output.Origin);
                writer.Line($"new Span<float>({start}, {Literals.Int(output.RowRun)}).Clear();");
            }
        }
    }
}
