namespace NetGen.Data;

/// <summary>
/// A transform that computes pixels: it takes a pass of its own over the bytes, so it stands before <see cref="ToTensor"/>.
/// </summary>
public abstract class PixelTransform : Transform
{
    private protected PixelTransform()
    {
    }

    /// <summary>The size that an image gets; where the input's is not known (null), the output's may be.</summary>
    internal virtual (int? Height, int? Width) SizeOf(int? height, int? width) => (height, width);

    /// <summary>The channels that an image gets.</summary>
    /// <exception cref="ArgumentException">Images of so many channels are not taken.</exception>
    internal virtual int ChannelsOf(int channels) => channels;

    /// <summary>The extents that an image gets.</summary>
    internal virtual ImageShape ShapeOf(ImageShape image) => image;

    /// <summary>Computes the pixels.</summary>
    /// <param name="image">The image, which stays as it is.</param>
    /// <param name="result">Receives the bytes of <see cref="ShapeOf"/>, in the image's layout.</param>
    /// <param name="random">The numbers that the image is given.</param>
    /// <param name="memory">Memory of the thread.</param>
    internal abstract void Apply(ImageView image, Span<byte> result, ref SampleRandom random, PixelMemory memory);

    internal sealed override void AddTo(TransformPlan.Builder plan) => plan.AddPixels(this);
}
