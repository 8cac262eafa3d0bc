"""What the product promises in one paragraph, done as a person does it."""

from playwright.sync_api import expect

from tests.browser.reading import number, pixels, wait_until


def test_a_person_watches_two_moons_being_learned_and_then_three_irises(page):
    boundary = page.get_by_role("img", name="Decision boundary")
    network = page.get_by_role("region", name="Network")
    expect(page.get_by_role("radio", name="Moons")).to_be_checked()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    untrained, untrained_maps, first_loss = pixels(boundary), pixels(network), number(page, "Training loss")

    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Test accuracy") >= 0.95, "95 % of the moons right")
    assert number(page, "Training loss") < first_loss / 2
    assert pixels(boundary) != untrained
    assert pixels(network) != untrained_maps

    page.get_by_role("button", name="Add hidden layer").click()
    expect(page.get_by_role("button", name="Add neuron to hidden layer 3")).to_be_visible()
    page.get_by_role("button", name="Add neuron to hidden layer 3").click()
    page.get_by_role("button", name="Add neuron to hidden layer 3").click()
    page.wait_for_url("**#*hidden=4,2,4")
    before = number(page, "Epoch")
    wait_until(page, lambda: number(page, "Epoch") > before, "training goes on with the larger network")

    page.get_by_role("radio", name="Iris").check()
    page.wait_for_url("**#dataset=iris*")
    for species in ("Setosa", "Versicolor", "Virginica"):
        expect(page.get_by_text(species).first).to_be_visible()
    wait_until(page, lambda: number(page, "Test accuracy") >= 0.9, "three species parted")


def test_a_reload_in_mid_run_finds_the_run(page):
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") >= 20, "20 epochs")
    page.get_by_role("button", name="Add neuron to hidden layer 1").click()
    page.wait_for_url("**#hidden=5,2")
    before = number(page, "Epoch")
    page.reload()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    wait_until(page, lambda: number(page, "Epoch") > before, "the same run, further on")
    assert number(page, "Epoch") < before + 3000


def test_a_dropped_connection_finds_its_run_by_itself(visit):
    connections = []

    def relay(page):
        page.route_web_socket(
            "**/socket.io/**", lambda socket: connections.append((socket, socket.connect_to_server()))
        )

    page = visit(prepare=relay)
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") >= 10, "10 epochs")
    before = number(page, "Epoch")
    for end in connections[0]:
        end.close()
    wait_until(page, lambda: len(connections) == 2, "another connection")
    wait_until(page, lambda: number(page, "Epoch") > before + 10, "the same run, further on")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_two_browsers_have_a_run_each(visit):
    first, second = visit(), visit("dataset=circles")
    first.get_by_role("button", name="Play", exact=True).click()
    wait_until(first, lambda: number(first, "Epoch") >= 20, "20 epochs in the first")
    expect(second.get_by_label("Epoch", exact=True)).to_have_text("0")
    expect(second.get_by_role("radio", name="Circles")).to_be_checked()
    expect(second.get_by_role("button", name="Play", exact=True)).to_be_visible()
    second.get_by_role("radio", name="XOR").check()
    second.wait_for_url("**#dataset=xor")
    expect(first.get_by_role("radio", name="Moons")).to_be_checked()
    assert "#" not in first.url or first.url.endswith("#")


def test_the_page_asks_nobody_else_for_anything(visit, chromium, address):
    context = chromium.new_context()
    hosts = set()
    page = context.new_page()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(address)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
    assert hosts == {address.split("/")[2]}
    context.close()
