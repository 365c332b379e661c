namespace NetGen.Data;

/// <summary>
/// Runs transforms on images: to floats, channel by channel, as networks take them. Windows (crops, paddings, flips), conversion and
/// normalisation are one pass over the pixels of the output, whatever their order; resizing, turning and changing colours take passes of
/// their own.
/// </summary>
/// <remarks>
/// It holds memory of its own, so one thread at a time may use it; a second is refused. After the first images of a size nothing is
/// allocated.
/// </remarks>
public sealed class Preprocessor
{
    private readonly TransformPlan _plan;
    private readonly WindowMap _map;
    private readonly PixelMemory _memory = new();
    private byte[] _windowed = [], _computed = [];
    private int _inUse;

    /// <summary>Transforms for images of one size.</summary>
    /// <param name="transform">What to do.</param>
    /// <param name="input">What each image measures.</param>
    /// <exception cref="ArgumentException">The transforms do not fit together, or not such images.</exception>
    public Preprocessor(Transform transform, ImageShape input)
        : this(Plan(transform, input.Channels, input))
    {
    }

    /// <summary>Transforms for images of any size.</summary>
    /// <param name="transform">What to do; it must bring all images to one size.</param>
    /// <param name="channels">Channels of each image.</param>
    /// <exception cref="ArgumentException">The transforms do not fit together, or leave images of different sizes.</exception>
    public Preprocessor(Transform transform, int channels)
        : this(Plan(transform, channels, null))
    {
    }

    internal Preprocessor(TransformPlan plan)
    {
        _plan = plan;
        _map = new WindowMap(plan.Passes.Append(plan.Last).Max(stage => stage.Fills.Length));
    }

    /// <summary>What every result measures.</summary>
    public ImageShape OutputShape => _plan.OutputShape;

    /// <summary>Transforms one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">Room for the values of <see cref="OutputShape"/>, channel by channel.</param>
    /// <param name="seed">With epoch and sample, decides what random transforms do, and nothing else does.</param>
    /// <param name="epoch">Number of the epoch.</param>
    /// <param name="sample">Number of the sample in its set.</param>
    /// <exception cref="ArgumentException">
    /// The image has other channels or another size than was said, or the destination is of another length.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The image is too small for a crop, or another thread is using this preprocessor.
    /// </exception>
    public void Apply(ImageView image, Span<float> destination, ulong seed = 0, int epoch = 0, int sample = 0)
    {
        if (image.Shape.Channels != _plan.Channels)
            throw new ArgumentException($"Expected an image of {_plan.Channels} channels, got {image.Shape}.", nameof(image));
        if (_plan.InputShape is { } shape && image.Shape != shape)
            throw new ArgumentException($"Expected an image of {shape}, got {image.Shape}.", nameof(image));
        if (destination.Length != OutputShape.Length)
            throw new ArgumentException($"Expected room for {OutputShape.Length} values, {OutputShape}, got {destination.Length}.",
                nameof(destination));

        if (Interlocked.Exchange(ref _inUse, 1) != 0)
            throw new InvalidOperationException("Another thread is using this preprocessor, which holds memory for one image. Make "
                + "one for each thread; they may share the transform.");
        try
        {
            Run(image, destination, seed, epoch, sample);
        }
        finally
        {
            Volatile.Write(ref _inUse, 0);
        }
    }

    private void Run(ImageView image, Span<float> destination, ulong seed, int epoch, int sample)
    {
        foreach (TransformPlan.Stage stage in _plan.Passes)
        {
            if (stage.Windows.Length > 0)
            {
                Move(stage, image.Shape, seed, epoch, sample);
                image = CopyWindow(stage, image);
            }
            ImageShape shape = stage.Pixels!.ShapeOf(image.Shape);
            shape.ThrowIfInvalid(nameof(image));
            Grow(ref _computed, shape.Length);
            var random = new SampleRandom(seed, epoch, sample, stage.Place);
            stage.Pixels.Apply(image, _computed.AsSpan(0, shape.Length), ref random, _memory);

            // What comes next may write into the memory this came from, but not into that it lies in now.
            (_computed, _windowed) = (_windowed, _computed);
            image = new ImageView(_windowed.AsSpan(0, shape.Length), shape, image.Layout);
        }
        Move(_plan.Last, image.Shape, seed, epoch, sample);
        Convert(image, destination);
        foreach ((RandomErasing erasing, uint place) in _plan.Erasings)
        {
            var random = new SampleRandom(seed, epoch, sample, place);
            erasing.Apply(destination, OutputShape, ref random);
        }
    }

    private static TransformPlan Plan(Transform transform, int channels, ImageShape? shape)
    {
        ArgumentNullException.ThrowIfNull(transform);
        if (channels < 1)
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Expected at least one channel.");
        shape?.ThrowIfInvalid("input");
        return TransformPlan.Create(transform, channels, shape);
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(length);
    }

    private void Move(TransformPlan.Stage stage, ImageShape shape, ulong seed, int epoch, int sample)
    {
        _map.Reset(shape.Height, shape.Width);
        for (int i = 0; i < stage.Windows.Length; i++)
        {
            var random = new SampleRandom(seed, epoch, sample, stage.Places[i]);
            stage.Windows[i].Apply(_map, ref random);
        }
    }

    /// <summary>Bytes to bytes, for what computes pixels behind it.</summary>
    private ImageView CopyWindow(TransformPlan.Stage stage, ImageView image)
    {
        WindowMap map = _map;
        var shape = new ImageShape(image.Shape.Channels, map.Height, map.Width);
        Grow(ref _computed, shape.Length);
        Span<byte> result = _computed.AsSpan(0, shape.Length);
        bool planar = image.Layout == PixelLayout.Planar;
        int planes = planar ? shape.Channels : 1, channels = planar ? 1 : shape.Channels;
        ReadOnlySpan<WindowMap.Rectangle> layers = map.Layers;
        for (int p = 0; p < planes; p++)
        {
            Span<byte> plane = result.Slice(p * map.Height * map.Width * channels, map.Height * map.Width * channels);
            for (int k = layers.Length - 1; k >= 0; k--)
            {
                WindowMap.Rectangle outer = k == layers.Length - 1 ? new(0, 0, map.Height, map.Width) : layers[k + 1];
                if (outer == layers[k] || outer.IsEmpty)
                    continue;
                for (int y = outer.Top; y < outer.Bottom; y++)
                    plane.Slice((y * map.Width + outer.Left) * channels, (outer.Right - outer.Left) * channels)
                        .Fill((byte)stage.Fills[k][p]);
            }
            WindowMap.Rectangle source = map.Source;
            if (source.IsEmpty)
                continue;
            ReadOnlySpan<byte> from =
                image.Pixels.Slice(p * image.Shape.Height * image.Shape.Width * channels,
                image.Shape.Height * image.Shape.Width * channels);
            for (int y = source.Top; y < source.Bottom; y++)
            {
                ReadOnlySpan<byte> row =
                    from.Slice((map.FirstRow + map.RowStep * y) * image.Shape.Width * channels, image.Shape.Width * channels);
                Span<byte> to = plane.Slice((y * map.Width + source.Left) * channels, (source.Right - source.Left) * channels);
                int first = map.FirstColumn + map.ColumnStep * source.Left;
                if (map.ColumnStep > 0)
                {
                    row.Slice(first * channels, to.Length).CopyTo(to);
                    continue;
                }
                for (int x = 0; x < source.Right - source.Left; x++)
                    row.Slice((first - x) * channels, channels).CopyTo(to[(x * channels)..]);
            }
        }
        (_computed, _windowed) = (_windowed, _computed);
        return new ImageView(_windowed.AsSpan(0, shape.Length), shape, image.Layout);
    }

    /// <summary>The one pass: each value of the output is read where the windows say, converted and written.</summary>
    private void Convert(ImageView image, Span<float> destination)
    {
        WindowMap map = _map;
        int width = map.Width, area = map.Height * width, channels = image.Shape.Channels;
        ReadOnlySpan<WindowMap.Rectangle> layers = map.Layers;
        bool planar = image.Layout == PixelLayout.Planar || channels == 1, backwards = map.ColumnStep < 0;
        WindowMap.Rectangle source = map.Source;
        int columns = source.Right - source.Left;
        // The leftmost column of the input that is read.
        int left = backwards ? map.FirstColumn - (source.Right - 1) : map.FirstColumn + source.Left;
        for (int c = 0; c < channels; c++)
        {
            Span<float> plane = destination.Slice(c * area, area);
            for (int k = layers.Length - 1; k >= 0; k--)
            {
                WindowMap.Rectangle outer = k == layers.Length - 1 ? new(0, 0, map.Height, width) : layers[k + 1];
                if (outer == layers[k] || outer.IsEmpty)
                    continue;
                for (int y = outer.Top; y < outer.Bottom; y++)
                    plane.Slice(y * width + outer.Left, outer.Right - outer.Left).Fill(_plan.Last.Fills[k][c]);
            }
            if (source.IsEmpty)
                continue;
            for (int y = source.Top; y < source.Bottom; y++)
            {
                int row = (map.FirstRow + map.RowStep * y) * image.Shape.Width + left;
                Span<float> to = plane.Slice(y * width + source.Left, columns);
                if (!planar)
                    PixelRows.LookUp(image.Pixels.Slice(row * channels + c, (columns - 1) * channels + 1), backwards
                        ? -channels : channels, to, _plan.Table[c]);
                else if (_plan.Normalizations == 0)
                    PixelRows.Convert(image.Pixels.Slice(c * image.Shape.Height * image.Shape.Width + row, columns), to, backwards);
                else if (_plan.Normalizations == 1)
                    PixelRows.ConvertAndNormalize(image.Pixels.Slice(c * image.Shape.Height * image.Shape.Width + row, columns), to,
                        backwards, _plan.Mean[c], _plan.Std[c]);
                else
                    PixelRows.LookUp(image.Pixels.Slice(c * image.Shape.Height * image.Shape.Width + row, columns), backwards
                        ? -1 : 1, to, _plan.Table[c]);
            }
        }
    }
}
