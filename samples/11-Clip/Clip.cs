namespace NetGen.Samples;

/// <summary>
/// Two towers, one for images and one for captions, whose outputs are points of one sphere: of the captions of a batch each image is to lie
/// nearest to its own, and of the images each caption (Radford and others: Learning transferable visual models from natural language
/// supervision, 2021). The temperature is the one where theirs begins.
/// </summary>
[Network]
[Input("image", 1, 28, 28), Sequential<ImageTower>(Name = "visual"), Linear(Dimensions, Bias = false), Normalize, Output("image_embeds")]
[Input("text", Captions.Buckets), Sequential<TextTower>(Name = "textual"), Linear(Dimensions, Bias = false), Normalize]
[Output("text_embeds")]
[ContrastiveLoss("image_embeds", "text_embeds", Temperature = 0.07)]
internal sealed partial class Clip
{
    private const int Dimensions = 64;
}

/// <summary>A small convolutional network.</summary>
[Block]
[Conv2d(32, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, MaxPool2d(2)]
[Conv2d(64, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, MaxPool2d(2)]
[Flatten, Linear(128), ReLU]
internal sealed class ImageTower;

/// <summary>What matters of a caption is which words it has, so two layers do.</summary>
[Block]
[Linear(128), ReLU]
internal sealed class TextTower;
