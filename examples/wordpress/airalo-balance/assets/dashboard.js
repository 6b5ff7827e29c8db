// The card on the dashboard: its nonce, its messages, and the colours of its widget.

const card = document.querySelector( '#airalo_balance airalo-balance' );

if ( card ) {
	if ( card.dataset.messages ) {
		card.messages = JSON.parse( card.dataset.messages );
	}
	sendNonce( card );
	followColours( card );
}

/**
 * Each request carries the nonce of the page, which WordPress' heartbeat renews in `wpApiSettings`. Where it has not,
 * because the tab was asleep or the user has signed in again elsewhere, the card's failure is the reason to ask for one.
 */
function sendNonce( card ) {
	card.headers = () => ( { 'X-WP-Nonce': window.wpApiSettings.nonce } );
	card.addEventListener( 'airalo-balance-error', async ( { detail } ) => {
		if ( detail.status !== 401 ) {
			return;
		}
		// What WordPress' own scripts do then. Whoever has signed out gets no nonce.
		const response = await fetch( `${ window.ajaxurl }?action=rest-nonce` ).catch( () => null );
		const nonce = response?.ok ? await response.text().catch( () => '' ) : '';
		if ( /^[0-9a-z]{10}$/.test( nonce ) && nonce !== window.wpApiSettings.nonce ) {
			window.wpApiSettings.nonce = nonce;
			card.refresh();
		}
	} );
}

/**
 * No scheme of WordPress itself is dark where the widgets are, but plugins make it so, each in its own way. So the
 * colours are those that the browser shows.
 */
function followColours( card ) {
	const around = card.parentElement;
	const pixel = document.createElement( 'canvas' ).getContext( '2d', { willReadFrequently: true } );

	/** Red, green, blue and opacity of a colour in any notation. */
	const bytesOf = ( colour ) => {
		pixel.clearRect( 0, 0, 1, 1 );
		pixel.fillStyle = colour;
		pixel.fillRect( 0, 0, 1, 1 );
		return pixel.getImageData( 0, 0, 1, 1 ).data;
	};

	const backgroundAround = () => {
		for ( let element = around; element; element = element.parentElement ) {
			const { backgroundColor } = getComputedStyle( element );
			if ( bytesOf( backgroundColor )[ 3 ] === 255 ) {
				return backgroundColor;
			}
		}
		return '#fff';
	};

	/** Of a new link: WordPress changes the colour of the others bit by bit, and not every reader has one here. */
	const colourOfLinks = () => {
		const link = document.createElement( 'a' );
		link.href = '#';
		around.append( link );
		const { color } = getComputedStyle( link );
		link.remove();
		return color;
	};

	const follow = () => {
		const background = backgroundAround();
		const [ red, green, blue ] = bytesOf( background );
		card.setAttribute( 'theme', 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128 ? 'dark' : 'light' );
		card.style.setProperty( '--airalo-balance-background', background );
		card.style.setProperty( '--airalo-balance-accent', colourOfLinks() );
	};

	follow();
	const observer = new MutationObserver( follow );
	for ( const element of [ document.documentElement, document.body ] ) {
		observer.observe( element, { attributeFilter: [ 'class', 'style', 'data-theme' ] } );
	}
	window.matchMedia( '(prefers-color-scheme: dark)' ).addEventListener( 'change', follow );
	// Colours that change bit by bit are right at the end. The links of the widget tell of a new style sheet too.
	for ( const end of [ 'transitionend', 'transitioncancel' ] ) {
		document.addEventListener( end, ( { target } ) => {
			if ( target !== card && ( target.contains( card ) || around.contains( target ) ) ) {
				follow();
			}
		} );
	}
}
