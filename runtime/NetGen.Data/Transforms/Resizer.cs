using System.Numerics;

namespace NetGen.Data;

/// <summary>
/// Resizes bytes with the triangle filter in two passes, first along rows. Weights are fixed-point numbers with 22 bits behind the point,
/// made in double precision, as PIL has them, so that results are PIL's to the bit. Memory is kept for the next image; one thread at a
/// time.
/// </summary>
internal sealed class Resizer
{
    private const int Precision = 22;

    private readonly Weights _columns = new(), _rows = new();
    private byte[] _between = [];
    private int[] _sums = [];

    /// <summary>Resizes an image; the layout stays.</summary>
    public void Resize(ImageView image, int height, int width, Span<byte> destination)
    {
        ImageShape from = image.Shape;
        int planes = image.Layout == PixelLayout.Planar
            ? from.Channels : 1, channels = image.Layout == PixelLayout.Planar ? 1 : from.Channels;
        _columns.Set(from.Width, width);
        _rows.Set(from.Height, height);
        int middle = from.Height * width * channels;
        if (_between.Length < middle)
            _between = GC.AllocateUninitializedArray<byte>(middle);
        for (int p = 0; p < planes; p++)
        {
            ReadOnlySpan<byte> plane = image.Pixels.Slice(p * from.Height * from.Width * channels, from.Height * from.Width * channels);
            Span<byte> result = destination.Slice(p * height * width * channels, height * width * channels);

            // A pass that would change nothing is left out: PIL rounds there no more than here.
            ReadOnlySpan<byte> rows = plane;
            if (from.Width != width)
            {
                Span<byte> between = height == from.Height ? result : _between.AsSpan(0, middle);
                for (int y = 0; y < from.Height; y++)
                    AlongRow(plane.Slice(y * from.Width * channels, from.Width * channels),
                        between.Slice(y * width * channels, width * channels), channels);
                rows = between;
            }
            if (from.Height != height)
                AcrossRows(rows, width * channels, height, result);
            else if (from.Width == width)
                plane.CopyTo(result);
        }
    }

    private void AlongRow(ReadOnlySpan<byte> row, Span<byte> result, int channels)
    {
        int width = result.Length / channels;
        for (int x = 0; x < width; x++)
        {
            ReadOnlySpan<int> weights = _columns.Of(x, out int first);
            ReadOnlySpan<byte> pixels = row[(first * channels)..];
            for (int c = 0; c < channels; c++)
            {
                int sum = 1 << (Precision - 1);
                for (int i = 0; i < weights.Length; i++)
                    sum += pixels[i * channels + c] * weights[i];
                result[x * channels + c] = ToByte(sum);
            }
        }
    }

    private void AcrossRows(ReadOnlySpan<byte> rows, int length, int height, Span<byte> result)
    {
        if (_sums.Length < length)
            _sums = new int[length];
        Span<int> sums = _sums.AsSpan(0, length);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<int> weights = _rows.Of(y, out int first);
            sums.Fill(1 << (Precision - 1));
            for (int i = 0; i < weights.Length; i++)
                AddProducts(rows.Slice((first + i) * length, length), weights[i], sums);
            Span<byte> to = result.Slice(y * length, length);
            for (int x = 0; x < length; x++)
                to[x] = ToByte(sums[x]);
        }
    }

    private static void AddProducts(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        int i = 0;
        for (int vector = Vector<int>.Count; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            Span<int> to = sums[i..];
            (new Vector<int>(to) + Vector.AsVectorInt32(a) * weight).CopyTo(to);
            (new Vector<int>(to[vector..]) + Vector.AsVectorInt32(b) * weight).CopyTo(to[vector..]);
            (new Vector<int>(to[(2 * vector)..]) + Vector.AsVectorInt32(c) * weight).CopyTo(to[(2 * vector)..]);
            (new Vector<int>(to[(3 * vector)..]) + Vector.AsVectorInt32(d) * weight).CopyTo(to[(3 * vector)..]);
        }
        for (; i < row.Length; i++)
            sums[i] += row[i] * weight;
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> Precision, 0, byte.MaxValue);

    /// <summary>Which inputs each output takes along one axis, and how much of each.</summary>
    private sealed class Weights
    {
        private int _from, _to, _most;
        private int[] _first = [], _count = [], _weights = [];
        private double[] _exact = [];

        public ReadOnlySpan<int> Of(int index, out int first)
        {
            first = _first[index];
            return _weights.AsSpan(index * _most, _count[index]);
        }

        /// <summary>Computes the weights; nothing is done where the extents are those of the last image.</summary>
        public void Set(int from, int to)
        {
            if (_from == from && _to == to)
                return;
            double scale = (double)from / to, support = Math.Max(scale, 1);
            _most = (int)Math.Ceiling(support) * 2 + 1;
            if (_first.Length < to)
                (_first, _count) = (new int[to], new int[to]);
            if (_weights.Length < to * _most)
                _weights = new int[to * _most];
            if (_exact.Length < _most)
                _exact = new double[_most];
            double narrow = 1 / support;
            for (int i = 0; i < to; i++)
            {
                // A triangle about the middle of the output, as far as the scale, and at least to the next pixel on both sides.
                double centre = (i + 0.5) * scale;
                int first = Math.Max((int)(centre - support + 0.5), 0), count = Math.Min((int)(centre + support + 0.5), from) - first;
                double sum = 0;
                for (int k = 0; k < count; k++)
                {
                    _exact[k] = Math.Max(1 - Math.Abs((k + first - centre + 0.5) * narrow), 0);
                    sum += _exact[k];
                }
                for (int k = 0; k < count; k++)
                    _weights[i * _most + k] = (int)(0.5 + (sum != 0 ? _exact[k] / sum : _exact[k]) * (1 << Precision));
                (_first[i], _count[i]) = (first, count);
            }
            (_from, _to) = (from, to);
        }
    }
}
