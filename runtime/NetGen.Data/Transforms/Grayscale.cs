using System.Globalization;

namespace NetGen.Data;

/// <summary>Colours to grey by ITU-R BT.601's luma, as PIL has it.</summary>
public sealed class Grayscale : PixelTransform
{
    private readonly int _channels;

    /// <summary>A conversion.</summary>
    /// <param name="numOutputChannels">1, or 3 for three channels that are the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is another.</exception>
    public Grayscale(int numOutputChannels = 1)
    {
        if (numOutputChannels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(numOutputChannels), numOutputChannels, "Expected 1 channel or 3.");
        _channels = numOutputChannels;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Grayscale({_channels})");

    internal override int ChannelsOf(int channels) => channels is 1 or 3
        ? _channels : throw new ArgumentException($"{this}: expected images of 1 channel (grey) or 3 (RGB), got {channels}.");

    internal override ImageShape ShapeOf(ImageShape image) => image with { Channels = _channels };

    internal override void Apply(ImageView image, Span<byte> result, ref SampleRandom random, PixelMemory memory)
    {
        int area = image.Shape.Height * image.Shape.Width;
        if (image.Shape.Channels == _channels && _channels == 1)
        {
            image.Pixels.CopyTo(result);
            return;
        }
        bool planar = image.Layout == PixelLayout.Planar;
        (int pixel, int channel) = planar ? (1, area) : (image.Shape.Channels, 1);
        (int pixelTo, int channelTo) = planar ? (1, area) : (_channels, 1);
        for (int i = 0; i < area; i++)
        {
            ReadOnlySpan<byte> from = image.Pixels[(i * pixel)..];
            byte grey = image.Shape.Channels == 1 ? from[0] : PixelConversion.Luma(from[0], from[channel], from[2 * channel]);
            for (int c = 0; c < _channels; c++)
                result[i * pixelTo + c * channelTo] = grey;
        }
    }
}
