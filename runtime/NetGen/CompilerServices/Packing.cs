using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// Copies of packed weights with input and output channels exchanged, which the gradients of activations read. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Packing
{
    private const int Block = 16;

    /// <summary>[out / 16][in][16 out] → [in / 16][out][16 in]; inputs beyond the last become zero.</summary>
    public static void TransposeLinear(float* weights, float* transposed, int inFeatures, int outFeatures, int worker, int workers)
    {
        int inBlocks = (inFeatures + Block - 1) / Block;
        for (int inBlock = (int)((long)inBlocks * worker / workers), end = (int)((long)inBlocks * (worker + 1) / workers); inBlock < end;
            inBlock++)
        {
            int present = Math.Min(Block, inFeatures - inBlock * Block);
            for (int first = 0; first < outFeatures; first += Block)
            {
                float* source = weights + (nint)first * inFeatures + (nint)inBlock * Block * Block;
                float* target = transposed + ((nint)inBlock * outFeatures + first) * Block;
                // The square's columns are outputs, its rows inputs; missing rows are zero lanes.
                Transposition.ToLanes(source, Block, present, target, Math.Min(Block, outFeatures - first));
            }
        }
    }

    /// <summary>
    /// One phase of a convolution's weights to [in / 16][out / 16][tap row][tap column][16 out][16 in]; channels beyond the last become
    /// zero. Strides are those of the packed weights, in the order in which the transposed taps are to come.
    /// </summary>
    public static void TransposeConvolution(float* weights, float* transposed, int inChannels, int outChannels, int tapRows, int tapColumns,
        nint outBlockStride, nint inBlockStride, nint inStride, nint tapRowStride, nint tapColumnStride, int worker, int workers)
    {
        int inBlocks = (inChannels + Block - 1) / Block, outBlocks = (outChannels + Block - 1) / Block;
        int tasks = inBlocks * outBlocks;
        for (int task = (int)((long)tasks * worker / workers), end = (int)((long)tasks * (worker + 1) / workers); task < end; task++)
        {
            int inBlock = task / outBlocks, outBlock = task % outBlocks;
            int present = Math.Min(Block, inChannels - inBlock * Block);
            float* target = transposed + (nint)task * tapRows * tapColumns * Block * Block;
            for (int row = 0; row < tapRows; row++)
            {
                for (int column = 0; column < tapColumns; column++, target += Block * Block)
                    Transposition.ToLanes(weights + outBlock * outBlockStride + inBlock * inBlockStride + row * tapRowStride + column
                        * tapColumnStride, inStride, present, target, Block);
            }
        }
    }

    /// <summary>
    /// All phases of a convolution's weights, one after the other in the order of their first taps, each as
    /// <see cref="TransposeConvolution"/> writes it. Strides are those of the packed weights.
    /// </summary>
    public static void TransposePhases(float* weights, float* transposed, int inChannels, int outChannels, StridePhases rows,
        StridePhases columns,
        nint outBlockStride, nint inBlockStride, nint inStride, nint rowStride, nint columnStride, int worker, int workers)
    {
        nint tapLength = TapLength(inChannels, outChannels);
        for (int startRow = 0; startRow < rows.Count; startRow++)
        {
            StridePhase row = rows[startRow];
            if (row.Taps == 0)
                continue;
            for (int startColumn = 0; startColumn < columns.Count; startColumn++)
            {
                StridePhase column = columns[startColumn];
                if (column.Taps == 0)
                    continue;
                // From the phase's last tap back to the first: the correlation runs over the taps in reverse.
                TransposeConvolution(weights + row.LastTap * rowStride + column.LastTap * columnStride,
                    transposed + PhaseStart(row, column, columns.Taps) * tapLength,
                    inChannels, outChannels, row.Taps, column.Taps, outBlockStride, inBlockStride, inStride, -rows.TapStep * rowStride,
                        -columns.TapStep * columnStride, worker, workers);
            }
        }
    }

    /// <summary>Taps in front of a phase's among the copies of <see cref="TransposePhases"/>.</summary>
    /// <param name="row">The phase of the rows.</param>
    /// <param name="column">The phase of the columns.</param>
    /// <param name="columnTaps">Columns of the whole window.</param>
    public static nint PhaseStart(StridePhase row, StridePhase column, int columnTaps)
        => (nint)row.TapsBefore * columnTaps + (nint)row.Taps * column.TapsBefore;

    /// <summary>Floats of one tap's weights, transposed.</summary>
    internal static nint TapLength(int inChannels, int outChannels)
        => (nint)((inChannels + Block - 1) / Block) * ((outChannels + Block - 1) / Block) * Block * Block;
}
