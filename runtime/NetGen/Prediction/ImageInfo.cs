using System.Text.Json;

namespace NetGen;

/// <summary>The channels of the images that a network was trained with, in its order.</summary>
public enum ImageChannels
{
    /// <summary>Brightness alone.</summary>
    Gray,

    /// <summary>Red, green and blue.</summary>
    Rgb,

    /// <summary>Blue, green and red, as OpenCV has them.</summary>
    Bgr,
}

/// <summary>
/// How images become a network's input: their size, and (pixel / 255 − mean) / standard deviation for each channel, one channel after the
/// other.
/// </summary>
public sealed class ImageInfo
{
    private readonly float[] _mean, _deviation;

    // What each of the 256 values of a pixel becomes, channel after channel.
    private readonly float[] _values;

    /// <summary>A preparation.</summary>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="channels">The channels, in the network's order.</param>
    /// <param name="mean">For each channel what is subtracted, of pixels from 0 to 1; null for 0.</param>
    /// <param name="standardDeviation">For each channel what is divided by then; null for 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no row or column, or the channels are none of these.</exception>
    /// <exception cref="ArgumentException">
    /// There are not as many numbers as channels, or one is not finite, or a standard deviation is not above 0.
    /// </exception>
    public ImageInfo(
        int height, int width, ImageChannels channels, IReadOnlyList<float>? mean = null, IReadOnlyList<float>? standardDeviation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (channels is not (ImageChannels.Gray or ImageChannels.Rgb or ImageChannels.Bgr))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Expected Gray, Rgb or Bgr.");
        (Height, Width, Channels) = (height, width, channels);
        Size = checked(height * width * ChannelCount);
        _mean = Numbers(mean, 0, nameof(mean), float.IsFinite);
        _deviation = Numbers(standardDeviation, 1, nameof(standardDeviation), value => value > 0 && float.IsFinite(value));
        _values = new float[256 * ChannelCount];
        for (int i = 0; i < _values.Length; i++)
            _values[i] = (float)((i % 256 / 255.0 - _mean[i / 256]) / _deviation[i / 256]);
    }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>The channels, in the network's order.</summary>
    public ImageChannels Channels { get; }

    /// <summary>How many channels: 1 or 3.</summary>
    public int ChannelCount => Channels == ImageChannels.Gray ? 1 : 3;

    /// <summary>Values of an image.</summary>
    public int Size { get; }

    /// <summary>For each channel, in the network's order, what is subtracted, of pixels from 0 to 1.</summary>
    public IReadOnlyList<float> Mean => _mean;

    /// <summary>For each channel, in the network's order, what is divided by then.</summary>
    public IReadOnlyList<float> StandardDeviation => _deviation;

    /// <summary>Makes a network's input of images that have the size.</summary>
    /// <param name="pixels">
    /// The images, one after the other, each row by row from the top: for each pixel its brightness, or red, green and blue.
    /// </param>
    /// <param name="input">Receives <see cref="Size"/> values for each image.</param>
    /// <exception cref="ArgumentException">The pixels are no whole images, or the input is not as long; nothing was written.</exception>
    public void ToInput(ReadOnlySpan<byte> pixels, Span<float> input)
    {
        if (pixels.Length % Size != 0)
            throw new ArgumentException($"Expected images of {this}, {Size} bytes each, got {pixels.Length} bytes.", nameof(pixels));
        if (input.Length != pixels.Length)
            throw new ArgumentException($"Expected room for {pixels.Length} values, one for each byte, got {input.Length}.", nameof(input));
        int plane = Height * Width, channels = ChannelCount;
        for (int image = 0; image < pixels.Length; image += Size)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int from = Channels == ImageChannels.Bgr ? channels - 1 - channel : channel;
                ReadOnlySpan<byte> source = pixels.Slice(image, Size);
                Span<float> target = input.Slice(image + channel * plane, plane);
                ReadOnlySpan<float> values = _values.AsSpan(256 * channel, 256);
                for (int i = 0; i < target.Length; i++)
                    target[i] = values[source[i * channels + from]];
            }
        }
    }

    /// <summary>Size and channels, e.g. <c>32 × 32 pixels (Rgb)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Height} × {Width} pixels ({Channels})");

    internal static ImageInfo Of(JsonElement json) => new(
        json.GetProperty("height").GetInt32(), json.GetProperty("width").GetInt32(), json.GetProperty("channels").GetString() switch
        {
            "gray" => ImageChannels.Gray,
            "rgb" => ImageChannels.Rgb,
            "bgr" => ImageChannels.Bgr,
            var other => throw new FormatException($"Expected the channels gray, rgb or bgr, found '{other}'."),
        },
        [.. json.GetProperty("mean").EnumerateArray().Select(value => value.GetSingle())],
        [.. json.GetProperty("std").EnumerateArray().Select(value => value.GetSingle())]);

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("height", Height);
        writer.WriteNumber("width", Width);
        writer.WriteString("channels", Channels switch { ImageChannels.Gray => "gray", ImageChannels.Rgb => "rgb", _ => "bgr" });
        foreach ((string name, float[] values) in new[] { ("mean", _mean), ("std", _deviation) })
        {
            writer.WriteStartArray(name);
            foreach (float value in values)
                writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private float[] Numbers(IReadOnlyList<float>? given, float otherwise, string name, Func<float, bool> isAllowed)
    {
        if (given is null)
            return [.. Enumerable.Repeat(otherwise, ChannelCount)];
        if (given.Count != ChannelCount)
            throw new ArgumentException($"Expected a number for each channel, {ChannelCount}, got {given.Count}.", name);
        return given.All(isAllowed) ? [.. given]
            : throw new ArgumentException($"Expected finite numbers{(otherwise == 1 ? " above 0" : "")}, got "
                + $"{string.Join(", ", given.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))}.", name);
    }
}
