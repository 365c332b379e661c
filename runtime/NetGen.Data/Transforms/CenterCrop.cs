namespace NetGen.Data;

/// <summary>Cuts out the middle. Images that are smaller get zeros around them first.</summary>
public sealed class CenterCrop : WindowTransform
{
    private readonly ImageSize _size;

    /// <summary>A crop.</summary>
    /// <param name="size">Height and width, or one number for both.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1 × 1.</exception>
    public CenterCrop(ImageSize size)
    {
        size.ThrowIfInvalid(nameof(size));
        _size = size;
    }

    internal override float? Fill => 0;

    /// <inheritdoc/>
    public override string ToString() => $"CenterCrop({_size})";

    internal override (int? Height, int? Width) SizeOf(int? height, int? width) => (_size.Height, _size.Width);

    internal override void Apply(WindowMap map, ref SampleRandom random) =>
        map.Crop(First(map.Height, _size.Height), First(map.Width, _size.Width), _size.Height, _size.Width, hasFill: true);

    // Halves are rounded to even where the image is larger, and down where zeros are added, as torchvision has it.
    private static int First(int extent, int wanted) =>
        wanted > extent ? -((wanted - extent) / 2) : (int)Math.Round((extent - wanted) / 2.0, MidpointRounding.ToEven);
}
