namespace NetGen.Samples;

/// <summary>
/// Tells the noise in a noisy image. Time and class come in beside the image, become one vector, <c>moment</c>, and every stage adds what
/// it makes of that to its maps.
/// </summary>
[Network]
[Input("label", 10), Linear(128, Bias = false, Name = "kind")]
[Input("time", Time), Linear(128), SiLU, Linear(128), Add("kind"), SiLU(Name = "moment")]
[Input("image", 1, 28, 28), PixelUnshuffle(2), Conv2d(64, 3, Padding = 1), Residual<Stage>(64, Name = "fine")]
[Conv2d(128, 3, Stride = 2, Padding = 1), Residual<Stage>(128), Residual<Stage>(128)]
[ConvTranspose2d(64, 2, Stride = 2), Concat("fine", "."), Residual<Stage, Shortcut>(64)]
[GroupNorm(8), SiLU, Conv2d(4, 3, Padding = 1), PixelShuffle(2), MSELoss]
internal sealed partial class UNet
{
    /// <summary>Numbers that tell the time.</summary>
    internal const int Time = 64;
}

/// <summary>Two convolutions; the moment comes in between.</summary>
[Block]
[GroupNorm(8), SiLU, Conv2d(Channels, 3, Padding = 1, Name = "maps")]
[From("moment"), Linear(Channels), Unflatten(1, [Channels, 1, 1]), Add("maps")]
[GroupNorm(8), SiLU, Conv2d(Channels, 3, Padding = 1)]
internal sealed class Stage
{
    private const int Channels = 64;
}

/// <summary>Around a stage that changes the number of maps.</summary>
[Block]
[Conv2d(Channels, 1)]
internal sealed class Shortcut
{
    private const int Channels = 64;
}
